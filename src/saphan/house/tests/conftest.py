from __future__ import annotations

import pytest

from saphan.people.models import Person


@pytest.fixture
def administrator(db: None) -> Person:
    """Somebody who may do everything."""
    return Person.objects.create_superuser("admin@example.org", "a long enough password")
