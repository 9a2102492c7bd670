from __future__ import annotations

from pathlib import Path

import pytest

from saphan.engines.language.e5 import E5Embedder
from saphan.engines.language.e5_prepare import BASE, prepare_model


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models")
    prepare_model(directory)
    return directory


@pytest.fixture(scope="session")
def embedder(models: Path) -> E5Embedder:
    return E5Embedder(models)


@pytest.fixture(scope="session")
def published(models: Path) -> E5Embedder:
    """The model as it was published, without our training."""
    prepare_model(models, variant=BASE)
    return E5Embedder(models, variant=BASE)
