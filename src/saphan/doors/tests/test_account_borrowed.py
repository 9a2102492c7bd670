"""The libraries' words that our pages show are in our catalogues, word for word."""

from __future__ import annotations

import ast
import gettext
from importlib.util import find_spec
from pathlib import Path

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from saphan.doors.web import account_letters, borrowed


def _known_to_django() -> set[str]:
    """Every msgid of Django's own catalogues; German is complete."""
    found: set[str] = set()
    for package in ("django.conf", "django.contrib.auth"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        path = Path(spec.origin).parent / "locale/de/LC_MESSAGES/django.mo"
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        found |= {key if isinstance(key, str) else key[0] for key in catalogue}
    return found


@pytest.mark.parametrize("words", borrowed.WORDS)
def test_what_is_borrowed_is_what_django_says(words: str) -> None:
    assert words in _known_to_django()


def test_what_is_counted_is_what_django_says() -> None:
    tree = ast.parse(Path(borrowed.__file__).read_text("utf-8"))
    singulars = [call.args[0].value for call in ast.walk(tree) if isinstance(call, ast.Call)
                 and getattr(call.func, "id", "") == "ngettext_lazy"]
    assert len(singulars) == len(borrowed.COUNTED)
    assert set(singulars) <= _known_to_django()


def test_every_letter_and_note_of_the_library_has_the_house_s_words() -> None:
    templates = Path(find_spec("allauth").origin).parent / "templates"  # type: ignore
    left_out = {"email_confirm", "email_deleted", "password_reset_key", "phone_verification",
                "base"}
    letters = {f"{path.parts[-3]}/email/{path.name.removesuffix('_subject.txt')}"
               for folder in ("account", "mfa")
               for path in (templates / folder / "email").glob("*_subject.txt")}
    letters = {name for name in letters if name.rpartition("/")[2] not in left_out}
    assert letters == set(account_letters.LETTERS)
    notes = {f"{folder}/messages/{path.name}" for folder in ("account", "mfa")
             for path in (templates / folder / "messages").glob("*.txt")
             if "phone" not in path.name}
    unused = {"account/messages/cannot_delete_primary_email.txt",
              "account/messages/email_deleted.txt", "account/messages/unverified_primary_email.txt"}
    assert notes - unused == set(account_letters.NOTES)


def test_every_problem_that_these_pages_can_have_is_said_in_the_house_s_words() -> None:
    elsewhere = {"phone_password_mismatch", "phone_taken", "unknown_phone", "username_blacklisted",
                 "username_password_mismatch", "username_taken", "select_only_one"}
    assert set(DefaultAccountAdapter.error_messages) - elsewhere == set(account_letters.PROBLEMS)
    assert set(DefaultMFAAdapter.error_messages) == set(account_letters.SECOND_STEP_PROBLEMS)
