"""Who may do what: accounts and roles, sessions, and the log of what was done."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from webmap.access import runs
from webmap.access.accounts import Accounts
from webmap.access.audit import Audit
from webmap.access.sessions import Sessions
from webmap.background.underway import MARK
from webmap.settings import Settings

KEY = "webmap-access"
ACCOUNTS = "accounts.json"
AUDIT = "audit.jsonl"


@dataclass(frozen=True)
class Access:
    """
    What lets people in.

    Parameters
    ----------
    folder
        The folder that everything that is written is kept in.
    accounts, sessions, audit
        Who has an account, who has signed in, and what they did.
    """

    folder: Path
    accounts: Accounts
    sessions: Sessions
    audit: Audit


def opened(folder: Path) -> tuple[Accounts, Audit]:
    """
    Return the accounts and the audit log of a folder.

    Raises
    ------
    AccountsError
        If the accounts can't be read, or may be read by others.
    AuditError
        If the log isn't whole.
    """
    accounts, audit = Accounts(folder / ACCOUNTS), Audit(folder / AUDIT)
    accounts.read()
    audit.verify()
    return accounts, audit


def register(app: Flask, settings: Settings) -> None:
    """
    Let people sign in to the app, where it has a folder to write to.

    Raises
    ------
    AccountsError, AuditError
        As `opened` does.
    """
    found = None
    if settings.write_folder:
        folder = Path(settings.write_folder)
        accounts, audit = opened(folder)
        runs.note_unended(audit, folder / MARK)
        found = Access(folder, accounts, Sessions(accounts, settings.session_min), audit)
    app.extensions[KEY] = found


def of_app() -> Access | None:
    """Return what lets people in to the app of this request; `None` where nobody signs in."""
    found: Access | None = current_app.extensions[KEY]
    return found
