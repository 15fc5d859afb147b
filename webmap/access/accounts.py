"""Accounts: names, roles and hashed passwords, in a file that nobody else may read."""

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

from geoengine.errors import GeoEngineError

ROLES = ("viewer", "planner", "steward", "admin")
"""From the fewest rights to the most: each role has those of the ones before it."""
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
SHORTEST, LONGEST = 12, 200
METHOD = "scrypt:32768:8:3"
PRIVATE = 0o600


class AccountsError(GeoEngineError):
    """The accounts can't be read, or not be changed as asked."""


@dataclass(frozen=True)
class Account:
    """
    Somebody who may sign in.

    Parameters
    ----------
    role
        One of `ROLES`.
    password_hash
        The password's salted hash.
    """

    role: str
    password_hash: str

    def may_as(self, role: str) -> bool:
        """Whether the account has the rights of a role."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Accounts:
    """
    The accounts of a file; a file that isn't there holds none.

    Passwords are hashed by scrypt with as much work as OWASP asks for; they are written nowhere.

    Parameters
    ----------
    path
        The file.

    References
    ----------
    Percival, C. & Josefsson, S. (2016) The scrypt Password-Based Key Derivation Function.
    RFC 7914.
    OWASP (2025) Password Storage Cheat Sheet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Account]:
        """
        Return every account by its name.

        Raises
        ------
        AccountsError
            If the file can't be read or isn't one of accounts, or others may read it.
        """
        try:
            mode = self.path.stat().st_mode
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise AccountsError(f"{self.path} can't be read: {error.strerror}") from error
        if os.name == "posix" and mode & 0o077:
            raise AccountsError(
                f"{self.path} may be read by others; make it yours alone: chmod 600 {self.path}"
            )
        try:
            held = {name: Account(**account) for name, account in json.loads(text).items()}
        except (ValueError, TypeError, AttributeError):
            raise AccountsError(
                f"{self.path} isn't a file of accounts; make them with: geoengine accounts add"
            ) from None
        wrong = [
            f"'{name}' is '{each.role}'" for name, each in held.items() if each.role not in ROLES
        ]
        if wrong:
            raise AccountsError(
                f"{self.path}: roles are {', '.join(ROLES)}, but {', '.join(wrong)}"
            )
        return held

    def check(self, name: str, password: str) -> Account | None:
        """Return the account that a name and a password belong to; as slow where there is none."""
        account = self.read().get(name)
        against = account.password_hash if account else _nobodys()
        fits = len(password) <= LONGEST and check_password_hash(against, password)
        return account if fits else None

    def put(self, name: str, role: str, password: str) -> None:
        """
        Add an account, or give one a new role and password.

        Raises
        ------
        AccountsError
            With everything that is wrong with the name, the role and the password.
        """
        problems = []
        if not NAME.fullmatch(name):
            problems.append(
                f"a name is 1 to 64 small letters, digits and . _ @ -, not '{name[:80]}'"
            )
        if role not in ROLES:
            problems.append(f"a role is one of {', '.join(ROLES)}, not '{role[:80]}'")
        if not SHORTEST <= len(password) <= LONGEST:
            problems.append(
                f"a password has {SHORTEST} to {LONGEST} characters, not {len(password)}"
            )
        if problems:
            raise AccountsError("; ".join(problems))
        account = Account(role, generate_password_hash(password, METHOD))
        self._change(lambda held: held | {name: account})

    def remove(self, name: str) -> None:
        """
        Remove an account.

        Raises
        ------
        AccountsError
            If there is none of that name.
        """

        def without(held: dict[str, Account]) -> dict[str, Account]:
            if name not in held:
                raise AccountsError(f"{self.path} has no account '{name[:80]}'")
            return {each: account for each, account in held.items() if each != name}

        self._change(without)

    def _change(self, change: Callable[[dict[str, Account]], dict[str, Account]]) -> None:
        with self._new_file() as descriptor:
            held = {name: asdict(account) for name, account in change(self.read()).items()}
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 – it is open
                json.dump(held, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())

    @contextlib.contextmanager
    def _new_file(self) -> Iterator[int]:
        """Open the file that takes the old one's place at the end; only one can be open."""
        new = self.path.with_name(f"{self.path.name}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
        except FileExistsError:
            raise AccountsError(
                f"{new} is there: somebody else is changing the accounts. If nobody is, remove it"
            ) from None
        except OSError as error:
            raise AccountsError(f"{new} can't be written: {error.strerror}") from error
        try:
            yield descriptor
            new.replace(self.path)
        finally:
            with contextlib.suppress(OSError):
                os.close(descriptor)
            new.unlink(missing_ok=True)


@cache
def _nobodys() -> str:
    return generate_password_hash(os.urandom(16).hex(), METHOD)
