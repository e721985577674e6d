"""Short names of federal bodies, as they stand beside a person's name, and the domains where a whole department writes.

The register names the office that runs a domain ("Office of GSA IT" for gsa.gov), which says nothing about who works
there: such a domain belongs to the department itself.
"""

from __future__ import annotations

_SHORT_NAMES = """
ACHP Advisory Council on Historic Preservation
ACL Administration for Community Living
ACF Administration for Children and Families
AHRQ Agency for Healthcare Research and Quality
AOUSC Administrative Office of the United States Courts
AOC Architect of the Capitol
ARS Agricultural Research Service
ATF Bureau of Alcohol, Tobacco, Firearms, and Explosives
AmeriCorps AmeriCorps
AmeriCorps Corporation for National and Community Service
BEA Bureau of Economic Analysis
BIA Bureau of Indian Affairs
BIS Bureau of Industry and Security
BLM Bureau of Land Management
BLS Bureau of Labor Statistics
BOP Federal Bureau of Prisons
CBO Congressional Budget Office
CBP U.S. Customs and Border Protection
CDC Centers for Disease Control and Prevention
CFPB Consumer Financial Protection Bureau
CFTC Commodity Futures Trading Commission
CIA Central Intelligence Agency
CISA Cybersecurity and Infrastructure Security Agency
CMS Centers for Medicare and Medicaid Services
CPSC Consumer Product Safety Commission
Census Bureau of the Census
DEA Drug Enforcement Administration
DFC United States International Development Finance Corporation
DHA Defense Health Agency
DHS Department of Homeland Security
DOC Department of Commerce
DOD Department of Defense
DOE Department of Energy
DOI Department of the Interior
DOJ Department of Justice
DOL Department of Labor
DOT Department of Transportation
EAC Election Assistance Commission
ED Department of Education
EEOC Equal Employment Opportunity Commission
EOP Executive Office of the President
EPA Environmental Protection Agency
EXIM Export-Import Bank of the United States
FAA Federal Aviation Administration
FAS Federal Acquisition Service
FBI Federal Bureau of Investigation
FCC Federal Communications Commission
FDA Food and Drug Administration
FDIC Federal Deposit Insurance Corporation
FEC Federal Election Commission
FEMA Federal Emergency Management Agency
FERC Federal Energy Regulatory Commission
FHFA Federal Housing Finance Agency
FLETC Federal Law Enforcement Training Center
FMCS Federal Mediation and Conciliation Service
FNS Food and Nutrition Service
FRB Board of Governors of the Federal Reserve
FRTIB Federal Retirement Thrift Investment Board
FTC Federal Trade Commission
FWS United States Fish and Wildlife Service
GAO Government Accountability Office
GPO Government Publishing Office
GSA General Services Administration
HHS Department of Health and Human Services
HRSA Health Resources and Services Administration
HUD Department of Housing and Urban Development
House United States House of Representatives
ICE U.S. Immigration and Customs Enforcement
IMLS Institute of Museum and Library Services
IRS Internal Revenue Service
ITA International Trade Administration
LOC Library of Congress
MCC Millennium Challenge Corporation
MSPB Merit Systems Protection Board
NARA National Archives and Records Administration
NASA National Aeronautics and Space Administration
NCUA National Credit Union Administration
NEA National Endowment for the Arts
NEH National Endowment for the Humanities
NHTSA National Highway Traffic Safety Administration
NIH National Institutes of Health
NIST National Institute of Standards and Technology
NLM National Library of Medicine, NIH
NLRB National Labor Relations Board
NOAA National Oceanic and Atmospheric Administration
NPS National Park Service
NRC Nuclear Regulatory Commission
NSA National Security Agency
NSF National Science Foundation
NTIA National Telecommunications and Information Administration
NTSB National Transportation Safety Board
OCC Office of the Comptroller of the Currency
ODNI Office of the Director of National Intelligence
OGE Office of Government Ethics
OMB Office of Management and Budget
OPM Office of Personnel Management
OSC Office of Special Counsel
OSTP Office of Science and Technology Policy
PBGC Pension Benefit Guaranty Corporation
PRC Postal Regulatory Commission
RRB Railroad Retirement Board
SAMHSA Substance Abuse and Mental Health Services Administration
SBA Small Business Administration
SEC Securities and Exchange Commission
SSA Social Security Administration
SSS Selective Service System
Senate United States Senate
Smithsonian Smithsonian Institution
State Department of State
TSA Transportation Security Administration
TVA Tennessee Valley Authority
Treasury Department of the Treasury
USAGM United States Agency for Global Media
USBR Bureau of Reclamation
USCIS Citizenship and Immigration Services
USCP Capitol Police
USDA Department of Agriculture
USFS Forest Service
USGS United States Geological Survey
USITC International Trade Commission
USPS United States Postal Service
USSS United States Secret Service
VA Department of Veterans Affairs
Army Department of the Army
Navy Department of the Navy
USMC United States Marine Corps
Air Force Department of the Air Force
Space Force United States Space Force
Coast Guard United States Coast Guard
"""
_TWO_WORDS = ("Air Force", "Space Force", "Coast Guard")

# Where a department writes from a domain that is not its short name followed by .gov.
HOMES = frozenset(
    {
        "commerce.gov", "defense.gov", "doj.gov", "energy.gov", "house.gov", "interior.gov", "labor.gov", "usdoj.gov",
    }
)  # fmt: skip


def key_of(name: str) -> str:
    """What spellings of one name have in common: lower case, single blanks."""
    return " ".join(name.casefold().split())


def _table() -> dict[str, str]:
    names: dict[str, str] = {}
    for line in _SHORT_NAMES.strip().splitlines():
        short = next((two for two in _TWO_WORDS if line.startswith(two + " ")), line.split(" ", 1)[0])
        names[key_of(line.removeprefix(short))] = short
    return names


SHORT_NAMES = _table()


def short_name_of(name: str, parent: str = "") -> str:
    """ "Internal Revenue Service" gives "IRS". An office that has no short name goes by that of its parent."""
    return SHORT_NAMES.get(key_of(name)) or SHORT_NAMES.get(key_of(parent), "")


def is_home(domain: str, organization: str) -> bool:
    """True for the domain from which a whole federal organization writes: gsa.gov, whichever office runs it."""
    short = SHORT_NAMES.get(key_of(organization), "")
    return domain in HOMES or (bool(short) and domain == f"{short.lower()}.gov")
