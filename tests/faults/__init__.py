"""Fault injection: hundreds of schedules of kills, broken connections, refusals, locks and full disks for one mailing each."""
