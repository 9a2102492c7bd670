"""Names of tests are the same in every process of a run, which pytest-xdist insists on."""

from __future__ import annotations

import gzip

import pytest


@pytest.mark.parametrize("packed", [gzip.compress(b"what holds its own moment")])
def test_bytes_are_named_by_their_length(request: pytest.FixtureRequest, packed: bytes) -> None:
    assert request.node.callspec.id == f"{len(packed)} bytes"
