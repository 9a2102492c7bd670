"""What the tests of the account pages share."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.test import Client

from saphan.people import actions
from saphan.people.models import Person

PASSWORD = "Mango-rice-77"


def somebody(email: str = "mali@example.org", *roles: str, **fields: Any) -> Person:
    person = Person.objects.create_user(email, PASSWORD, **fields)
    for role in roles:
        actions.grant_role(person, role, by=None)
    return person


def sign_in(client: Client, email: str = "mali@example.org", password: str = PASSWORD,
            **more: Any) -> Any:
    return client.post("/en/account/sign-in/", {"login": email, "password": password}, **more)


def code_from_letter() -> str:
    found = re.search(r"^\d{4}-\d{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[0]


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
