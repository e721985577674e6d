def test_cast_stands(ada, ben, cleo, dov, eve, cop, other):
    assert ada.memberships.count() == 1
