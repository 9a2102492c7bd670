import shutil

import numpy as np
import pytest

from saphan.engines.language.embed import ModelNotPrepared

try:
    from saphan.exhibits.product_finder.exhibit import finder, product_finder
except ModelNotPrepared:
    pytest.skip("the house's model is not prepared", allow_module_level=True)

from saphan.exhibits.product_finder import headings, vectors
from saphan.exhibits.product_finder.lexical import Letters


def test_every_heading_has_four_digits_and_words_in_six_languages():
    known = headings.read()
    assert len({each.code for each in known}) == len(known) >= 350
    assert all(len(each.code) == 4 and each.code.isdigit() for each in known)
    assert all(all(each.words[lang] for lang in headings.LANGS) for each in known)


@pytest.mark.parametrize(("good", "code"), [
    ("frozen durian pulp", "0811"), ("天然橡胶", "4001"), ("ข้าวหอมมะลิ", "1006"),
    ("xe máy điện", "8711")])
def test_the_plain_name_of_a_good_finds_its_heading_first(good, code):
    assert finder.suggest(good)[0].heading.code == code


def test_certainties_fall_and_do_not_exceed_one():
    sure = [each.certainty for each in finder.suggest("rubber gloves")]
    assert sure == sorted(sure, reverse=True) and 0 < sum(sure) <= 1


def test_it_always_says_that_it_does_not_rule():
    answer = product_finder.run({"good": "qwxz blorp"})
    said = [part["key"] for part in answer["parts"] if part["kind"] == "say"]
    assert said[0] == "unsure" and "suggestion" in said


def test_kept_vectors_of_another_model_are_not_used(tmp_path, monkeypatch):
    class Other:
        model_id = "another/2"

        def embed_passages(self, texts):
            return np.eye(len(texts), 384, dtype=np.float32)

    class Nothing:
        class passages:
            apply = staticmethod(lambda found: found)

    shutil.copy(vectors.FILE, tmp_path / "vectors.npz")
    made = vectors.opened(Other(), Nothing(), tmp_path / "vectors.npz")
    assert made.langs == ("en",)


def test_kept_vectors_fit_the_words_of_today():
    with np.load(vectors.FILE) as kept:
        assert str(kept["words"]) == headings.digest()
        assert len(kept["goods"]) == len(headings.phrases(headings.read()))


def test_letters_find_the_text_that_shares_most():
    texts = ["rice", "rubber gloves"]
    assert Letters(texts, texts).scores("glove").argmax() == 1
