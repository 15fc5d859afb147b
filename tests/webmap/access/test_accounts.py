"""Accounts are kept whole, private, and without their passwords."""

import json

import pytest

from webmap.access.accounts import LONGEST, ROLES, Account, Accounts, AccountsError

PASSWORD = "correct horse battery"


@pytest.fixture
def accounts(tmp_path):
    return Accounts(tmp_path / "kept" / "accounts.json")


def test_a_name_and_its_password_open_the_account_and_nothing_else_does(accounts):
    accounts.put("ann", "planner", PASSWORD)
    assert accounts.check("ann", PASSWORD).role == "planner"
    for name, password in [
        ("ann", PASSWORD + " "), ("ann", ""), ("bob", PASSWORD), ("", ""), ("Ann", PASSWORD),
        ("ann", "x" * 1_000_000),
    ]:  # fmt: skip
        assert accounts.check(name, password) is None


def test_the_file_is_its_owners_alone_and_holds_no_password(accounts):
    accounts.put("ann", "admin", PASSWORD)
    accounts.put("bob", "viewer", PASSWORD)
    assert accounts.path.stat().st_mode & 0o777 == 0o600
    text = accounts.path.read_text(encoding="utf-8")
    assert PASSWORD not in text
    held = json.loads(text)
    assert held["ann"]["password_hash"].startswith("scrypt:32768:8:3$")
    assert held["ann"]["password_hash"] != held["bob"]["password_hash"]
    assert [path.name for path in accounts.path.parent.iterdir()] == ["accounts.json"]


def test_a_file_that_others_may_read_is_refused(accounts):
    accounts.put("ann", "admin", PASSWORD)
    accounts.path.chmod(0o640)
    with pytest.raises(AccountsError, match=r"may be read by others; make it yours alone: chmod"):
        accounts.read()


def test_everything_wrong_with_a_new_account_is_told_at_once(accounts):
    with pytest.raises(AccountsError) as refused:
        accounts.put("../Ann", "king", "short")
    assert str(refused.value) == (
        "a name is 1 to 64 small letters, digits and . _ @ -, not '../Ann'; "
        "a role is one of viewer, planner, steward, admin, not 'king'; "
        "a password has 12 to 200 characters, not 5"
    )
    assert accounts.read() == {}
    with pytest.raises(AccountsError, match="not 201"):
        accounts.put("ann", "admin", "x" * (LONGEST + 1))


def test_two_changes_at_once_do_not_lose_one_another(accounts):
    accounts.put("ann", "admin", PASSWORD)
    before = accounts.path.read_bytes()
    new = accounts.path.with_name("accounts.json.new")
    new.touch()
    with pytest.raises(AccountsError, match="somebody else is changing the accounts"):
        accounts.put("bob", "viewer", PASSWORD)
    assert accounts.path.read_bytes() == before
    new.unlink()
    with pytest.raises(AccountsError, match="has no account 'bob'"):
        accounts.remove("bob")
    assert accounts.path.read_bytes() == before
    assert not new.exists()
    accounts.remove("ann")
    assert accounts.read() == {}


@pytest.mark.parametrize("text", ["", "[]", '{"ann": 1}', '{"ann": {"role": "admin"}}', "\x00"])
def test_a_file_that_holds_no_accounts_is_told(accounts, text):
    accounts.path.parent.mkdir()
    accounts.path.write_text(text, encoding="utf-8")
    accounts.path.chmod(0o600)
    with pytest.raises(AccountsError, match="isn't a file of accounts"):
        accounts.read()


def test_each_role_may_do_what_those_before_it_may():
    for at, role in enumerate(ROLES):
        may = [other for other in ROLES if Account(role, "").may_as(other)]
        assert may == list(ROLES[: at + 1])
