from junto.people import actions


def test_x(register, db):
    r=actions.take_register(register())
    print(r)
    r=actions.take_register(register())
    print(r)
    from junto.people import queries
    for a in ["x@gsa.gov", "y@mail.dept.ny.gov", "z@dmv.ny.gov", "a@army.mil", "b@x.fed.us", "c@foo.com", "jo@irs.gov", "bad@", "x@k12.ny.us", "x@abc.k12.tx.us", "x@co.orange.ca.us", "x@treasury.gov"]:
        print(queries.judgement_as_json(queries.judge(a)))
