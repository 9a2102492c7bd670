"""`saphan person`, `saphan role` and `saphan token`: who may do what."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Any

from saphan.doors.cli.boot import Failed, boot

if TYPE_CHECKING:
    from saphan.people.models import Person


def add(commands: object) -> None:
    person = commands.add_parser("person", help="add a person")  # type: ignore[attr-defined]
    verbs = person.add_subparsers(dest="verb", required=True, metavar="VERB")
    adding = verbs.add_parser("add", help="add a person; asks for a password")
    adding.add_argument("email")
    adding.add_argument("--name", default="")
    adding.add_argument("--language", default="", help="th, zh-Hans, …")
    adding.add_argument("--role", action="append", default=[], help="also give this role")
    adding.add_argument("--password-stdin", action="store_true",
                        help="read the password from standard input")
    adding.add_argument("--no-password", action="store_true",
                        help="none: she signs in with a code sent by e-mail")
    adding.set_defaults(run=_run_add)
    role = commands.add_parser("role", help="give or take a role")  # type: ignore[attr-defined]
    verbs = role.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, what in (("grant", "give"), ("take", "take away")):
        changing = verbs.add_parser(verb, help=f"{what} a role")
        changing.add_argument("email")
        changing.add_argument("role", help="administrator, director, clerk, …")
        if verb == "grant":
            changing.add_argument("--economy", help="a liaison officer's desk (two letters)")
            changing.add_argument("--lang", default="", help="a translator's: th, zh-Hans, …")
        changing.set_defaults(run=_run_role)
    token = commands.add_parser(  # type: ignore[attr-defined]
        "token", help="make or revoke a token for software")
    verbs = token.add_subparsers(dest="verb", required=True, metavar="VERB")
    issue = verbs.add_parser("issue", help="print a new token, this once")
    issue.add_argument("--email", required=True, help="the person it acts for")
    issue.add_argument("--scope", choices=["read", "write"], default="read")
    issue.add_argument("--name", default="command line")
    issue.add_argument("--days", type=int, help="valid for so many days (default: for ever)")
    issue.set_defaults(run=_run_issue)


def _run_add(options: Any) -> int:
    boot()
    from saphan.people import actions
    from saphan.people.models import Person, Role

    email = options.email.strip().lower()
    if Person.objects.filter(email=email).exists():
        raise Failed(f"{email} is here already")
    unknown = [role for role in options.role if role not in Role.Name.values]
    if unknown:
        raise Failed(_no_role(unknown[0]))
    password = None if options.no_password else _password(options.password_stdin, email)
    person = actions.add_person(email, password=password, name=options.name,
                                language=options.language, by=None)
    for role in options.role:
        actions.grant_role(person, role, by=None)
    print(f"added {email} ({person.ref})")
    return 0


def _password(from_stdin: bool, email: str) -> str:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from saphan.people.models import Person

    if from_stdin:
        given = sys.stdin.readline().rstrip("\n")
    else:
        given = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != given:
            raise Failed("the two passwords differ; nothing was done")
    try:
        validate_password(given, Person(email=email))
    except ValidationError as error:
        raise Failed(" ".join(error.messages)) from None
    return given


def _no_role(name: str) -> str:
    from saphan.people.models import Role

    return f"there is no role {name!r}; there are: {', '.join(Role.Name.values)}"


def _person(email: str) -> Person:
    from saphan.people.models import Person

    found = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise Failed(f"nobody here has the address {email}; `saphan person add` adds somebody")
    return found


def _run_role(options: Any) -> int:
    boot()
    from saphan.engines.language import codes
    from saphan.people import actions
    from saphan.people.models import Economy, Role

    person = _person(options.email)
    if options.role not in Role.Name.values:
        raise Failed(_no_role(options.role))
    if options.verb == "take":
        actions.take_role(person, options.role, by=None)
        print(f"{person.email} is no longer {options.role}")
        return 0
    economy = None
    if options.economy:
        economy = Economy.objects.filter(code=options.economy.upper()).first()
        if economy is None:
            raise Failed(f"{options.economy!r} is not a country or region this house knows")
    if options.lang and options.lang not in codes.CODES:
        raise Failed(f"{options.lang!r} is not a language this house knows")
    actions.grant_role(person, options.role, by=None, economy=economy, lang=options.lang)
    print(f"{person.email} is {options.role}")
    return 0


def _run_issue(options: Any) -> int:
    boot()
    from datetime import timedelta

    from saphan.ground import clock
    from saphan.people import actions

    expires = clock.now() + timedelta(days=options.days) if options.days else None
    print(actions.issue_token(_person(options.email), name=options.name, scope=options.scope,
                              by=None, expires=expires))
    return 0
