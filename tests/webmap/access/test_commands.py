"""Accounts are made, and the log is checked, at the command line."""

from click.testing import CliRunner

from geoengine import cli

PASSWORD = "correct horse battery"


def said(*command, text=None):
    done = CliRunner().invoke(cli.main, [str(part) for part in command], input=text)
    return done.exit_code, done.output


def test_an_account_is_added_listed_and_removed_and_the_log_is_whole(tmp_path):
    folder = tmp_path / "kept"
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    status, told = said("accounts", "add", folder, "ann", "--role", "planner", text=typed)
    assert (status, told.splitlines()[-1]) == (0, "ann may sign in as planner")
    assert PASSWORD not in told
    assert said("accounts", "list", folder) == (0, "planner  ann\n")
    assert said("accounts", "remove", folder, "ann") == (0, "ann may no longer sign in\n")
    log = folder / "audit.jsonl"
    status, told = said("audit", "verify", log)
    assert status == 0
    assert "2 lines, whole; the last one's hash is " in told
    assert PASSWORD not in log.read_text(encoding="utf-8")
    log.write_text(log.read_text(encoding="utf-8").replace("planner", "admin"), encoding="utf-8")
    status, told = said("audit", "verify", log)
    assert status == 2
    assert "line 2 doesn't follow from what stands before it" in told


def test_a_bad_account_is_refused_in_a_sentence(tmp_path):
    status, told = said(
        "accounts", "add", tmp_path, "Ann", "--role", "king", "--password", PASSWORD
    )
    assert status == 2
    assert "a name is 1 to 64 small letters" in told
    assert "a role is one of viewer, planner, steward, admin, not 'king'" in told
    assert list(tmp_path.iterdir()) == []
