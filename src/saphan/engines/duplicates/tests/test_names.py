"""Names in Latin letters join texts of different scripts; other models set them apart."""

from __future__ import annotations

from saphan.engines.duplicates.names import bare, organisation_words, read_names


def test_a_model_is_shared_across_scripts():
    thai = read_names([("th", "หุ่นยนต์กรีดยาง GP-T2 สำหรับสวนยาง")])
    malay = read_names([("ms", "GP-T2: mesin menoreh getah")])
    assert thai.shared(malay)["gp-t2"] > 1
    assert not thai.other_models(malay)


def test_two_models_of_one_maker_are_told_apart():
    first, second = read_names([("en", "Robot GP-T2")]), read_names([("en", "Sensor GP-C1")])
    assert first.other_models(second)
    assert not first.other_models(read_names([("en", "A sensor for latex cups")]))


def test_a_standard_is_no_model():
    assert not read_names([("en", "IP65, ISO 9001, CO2 and PM2 sensors")]).codes


def test_a_latin_word_in_another_script_is_a_name():
    found = read_names([("zh-Hans", "接口兼容Shopee和Lazada")])
    assert set(found.weights) == {"shopee", "lazada"}


def test_an_ordinary_word_is_none():
    assert not read_names([("en", "Sorting peppercorns by colour and size")]).weights


def test_the_legal_form_of_an_organisation_does_not_count():
    assert organisation_words("Getah Pintar Sdn Bhd") == organisation_words("Getah Pintar")
    assert organisation_words("Takeo land office (example)") == {"takeo", "land", "office"}
    assert bare("(example)") == "(example)"
