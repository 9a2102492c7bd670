import numpy as np
import pytest

from saphan.engines.language.embed import ModelNotPrepared

try:
    from saphan.exhibits.review_mood.exhibit import MOST, judge, review_mood
except ModelNotPrepared:
    pytest.skip("the house's model is not prepared", allow_module_level=True)

from saphan.engines.runner.contract import Refusal
from saphan.exhibits.review_mood import head
from saphan.exhibits.review_mood.train import fit


def said(text):
    return [part["key"] for part in review_mood.run({"reviews": text})["parts"]
            if part["kind"] == "say"]


@pytest.mark.parametrize(("text", "mood"), [
    ("非常好，很满意", "good"), ("ของเสีย แย่มาก", "bad"), ("Bagus tapi mahal", "mixed")])
def test_plain_reviews_have_their_mood(text, mood):
    assert judge(text).mood == mood


def test_topics_are_those_spoken_of():
    assert set(judge("Delivery was quick").topics) == {"delivery"}


def test_the_telling_words_are_part_of_the_review():
    text = "I bought two. The glass was broken and sharp."
    assert judge(text).telling == "The glass was broken and sharp."


def test_more_reviews_than_it_reads_are_said():
    assert "too_many" in said("good\n" * (MOST + 1))


def test_lines_without_words_are_no_reviews():
    with pytest.raises(Refusal):
        review_mood.run({"reviews": "5/5\n***"})


def test_the_kept_head_fits_the_reviews_of_today():
    with np.load(head.FILE) as kept:
        assert str(kept["reviews"]) == head.digest()


def test_training_separates_what_can_be_separated():
    reviews = [head.Review(mood, "d" if mood == "good" else "", "en", "")
               for mood in head.MOODS * 4]
    vectors = np.array([np.eye(3)[head.MOODS.index(each.mood)] for each in reviews])
    made = fit(reviews, vectors)
    assert [head.MOODS[at] for at in made.mood(vectors).argmax(axis=1)] == [
        each.mood for each in reviews]
    assert (made.about(vectors)[:, 0] > 0.5).tolist() == [each.mood == "good" for each in reviews]
