"""Whatever a visitor shows, says or pastes: it is read rightly or refused, never anything else."""

from __future__ import annotations

import io
import random
import struct
import wave
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from saphan.engines.runner import Refusal, media
from saphan.engines.runner.refusal import COMMON


def key(call: Callable[[], Any]) -> str:
    """The key that a call refuses with; "" if it does not. Any other exception goes through."""
    try:
        call()
    except Refusal as no:
        return no.key if no.key in COMMON else f"{no.key} has no words"
    return ""


# Pictures

def saved(image: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def two_halves(width: int = 40, height: int = 20) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_kinds_are_read(kind: str) -> None:
    pixels = media.picture(saved(two_halves(), kind))
    assert pixels.shape == (20, 40, 3)
    assert pixels.dtype == np.uint8
    assert pixels[10, 5, 0] > 200 > 80 > pixels[10, 5, 2]
    assert pixels[10, 35, 2] > 200 > 80 > pixels[10, 35, 0]


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kinds_are_refused(kind: str) -> None:
    assert key(lambda: media.picture(saved(two_halves(), kind))) == "unreadable_picture"


@pytest.mark.parametrize(("turn", "red_at"), [
    (1, (0, 0)), (3, (0, 1)), (6, (0, 0)), (8, (1, 0)), (2, (0, 1))])
def test_a_photo_is_turned_upright_as_the_camera_noted(turn: int, red_at: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    pixels = media.picture(saved(two_halves(), "JPEG", exif=exif, quality=95))
    assert pixels.shape[:2] == ((40, 20) if turn in (6, 8) else (20, 40))
    corner = pixels[-1 if red_at[0] else 0, -1 if red_at[1] else 0]
    assert corner[0] > 200 > 80 > corner[2]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    if mode == "P":
        data = saved(image.convert("P"), transparency=0)
    else:
        data = saved(image.convert(mode) if mode != "PA" else image)
    assert (media.picture(data) == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "CMYK"])
def test_grey_and_print_colours_become_rgb(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert media.picture(saved(Image.new(mode, (9, 7)), kind)).shape == (7, 9, 3)


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left() -> None:
    assert media.picture(saved(two_halves(3_000, 1_000), "JPEG")).shape == (533, 1_600, 3)
    assert media.picture(saved(two_halves(300, 100)), longest=30).shape == (10, 30, 3)
    assert media.picture(saved(two_halves())).shape == (20, 40, 3)


def chunk(name: bytes, data: bytes) -> bytes:
    return (struct.pack(">I", len(data)) + name + data
            + struct.pack(">I", zlib.crc32(name + data)))


def png_of(width: int, height: int, data: bytes) -> bytes:
    """A PNG whose header says what it likes."""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0,
                                                              0, 0))
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


@pytest.mark.parametrize(("width", "height"), [
    (10_000, 10_000), (2**31 - 1, 2**31 - 1), (24_000_001, 1), (1, 24_000_001)])
def test_a_picture_of_a_hundred_megapixels_is_refused_before_it_is_decoded(
        width: int, height: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load_prepare",
                        lambda self: pytest.fail("it was decoded"))
    with pytest.raises(Refusal) as caught:
        media.picture(png_of(width, height, zlib.compress(b"\0" * 1_000)))
    assert (caught.value.key, caught.value.values) == ("too_many_pixels", {"most": 24})


def test_a_picture_that_unpacks_to_more_than_it_says_is_a_picture_of_what_it_says() -> None:
    bomb = png_of(2, 2, zlib.compress(b"\0" * 50_000_000, 9))
    assert len(bomb) < 100_000
    assert media.picture(bomb).shape == (2, 2, 3)


def test_a_text_chunk_that_unpacks_to_gigabytes_is_refused_or_left_alone() -> None:
    packed = zlib.compress(b"x" * 80_000_000, 9)
    good = saved(two_halves())
    bomb = good[:33] + chunk(b"zTXt", b"note\0\0" + packed) + good[33:]
    assert key(lambda: media.picture(bomb)) in ("", "unreadable_picture")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_is_cut_off_is_refused(kind: str) -> None:
    rng = random.Random(4)
    whole = saved(Image.frombytes("RGB", (60, 60), rng.randbytes(60 * 60 * 3)), kind)
    for share in (0.1, 0.5, 0.9):
        cut = whole[:int(len(whole) * share)]
        assert key(partial(media.picture, cut)) == "unreadable_picture"


PICTURES = [saved(two_halves(24, 16), kind) for kind in ("PNG", "JPEG", "WEBP")]


@st.composite
def spoilt(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """A file with bytes changed, taken out or put in."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        piece = draw(st.binary(max_size=8) | st.sampled_from([b"\xff" * 4, b"\0" * 4]))
        cut = draw(st.sampled_from([0, len(piece), 8, 200]))
        data[at:at + cut] = piece
    return bytes(data)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=300)
@given(spoilt(PICTURES) | st.binary(max_size=200))
def test_a_spoilt_picture_is_read_or_refused(data: bytes) -> None:
    assert key(lambda: media.picture(data)) in ("", "unreadable_picture", "too_many_pixels")


def test_pixels_are_written_and_read_again() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    assert (media.picture(media.png(pixels)) == pixels).all()
    assert media.picture(media.jpeg(pixels)).shape == (5, 7, 3)


def test_floats_are_taken_as_shares_and_grey_is_fine() -> None:
    grey = media.picture(media.png(np.array([[0.0, 0.5, 1.0, 2.0, -1.0]])))
    assert grey[0, :, 0].tolist() == [0, 127, 255, 255, 0]


# Sound

def wav_of(values: np.ndarray, width: int, rate: int = 16_000, channels: int = 1) -> bytes:
    """PCM of whole numbers."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        raw = b"".join(int(value).to_bytes(width, "little", signed=width > 1) for value in values)
        file.writeframes(raw)
    return out.getvalue()


WAVE = np.sin(np.arange(1_600) / 8) * 0.5


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_eight_to_thirty_two_bits_say_the_same(width: int) -> None:
    whole = np.round(WAVE * (2 ** (8 * width - 1) - 1)) + (128 if width == 1 else 0)
    samples = media.sound(wav_of(whole, width))
    assert samples.dtype == np.float32
    assert samples == pytest.approx(WAVE, abs=0.01 if width == 1 else 1e-4)


def test_stereo_becomes_the_mean_of_both() -> None:
    left_and_right = np.stack([np.full(400, 20_000), np.full(400, -10_000)], 1).ravel()
    samples = media.sound(wav_of(left_and_right, 2, channels=2))
    assert len(samples) == 400
    assert samples == pytest.approx(np.full(400, 5_000 / 32_768))


@pytest.mark.parametrize("own", [8_000, 22_050, 48_000])
def test_another_rate_keeps_pitch_and_length(own: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(own) / own) * 20_000
    samples = media.sound(wav_of(tone, 2, rate=own))
    assert len(samples) == 16_000
    assert np.abs(np.fft.rfft(samples)).argmax() == 440
    assert np.abs(samples).max() == pytest.approx(20_000 / 32_768, rel=0.05)


def test_sound_has_limits_and_silence_is_told() -> None:
    assert key(lambda: media.sound(wav_of(np.zeros(16_000), 2))) == "silent"
    assert key(lambda: media.sound(wav_of(np.zeros(0), 2))) == "silent"
    with pytest.raises(Refusal) as caught:
        media.sound(wav_of(WAVE * 9_000, 2, rate=1_000), most_seconds=1)
    assert (caught.value.key, caught.value.values) == ("too_long_sound", {"most": 1})


def header(rate: int = 16_000, channels: int = 1, bits: int = 16, form: int = 1,
           size: int = 8) -> bytes:
    """A WAV that says what it likes, with eight bytes of sound."""
    step = channels * (bits // 8)
    about = struct.pack("<HHIIHH", form, channels, rate, rate * step % 2**32, step % 2**16, bits)
    return (b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + about
            + b"data" + struct.pack("<I", size) + b"\1\2\3\4\5\6\7\x08")


@pytest.mark.parametrize("data", [
    b"", b"RIFF", b"RIFF\0\0\0\0WAVE", header(form=3, bits=32), header(form=85),
    header(channels=0), header(rate=0), header(bits=0), header(bits=64),
    header(rate=999)], ids=range(10))
def test_what_is_no_pcm_wav_is_refused(data: bytes) -> None:
    assert key(lambda: media.sound(data)) == "unreadable_sound"


def test_a_wav_that_says_it_holds_hours_is_too_long_and_is_not_read() -> None:
    assert key(lambda: media.sound(header(size=2**31))) == "too_long_sound"


def test_the_last_half_of_a_sample_is_left_out() -> None:
    whole = wav_of(WAVE * 9_000, 2)
    assert len(media.sound(whole[:-1])) == len(WAVE) - 1


SOUNDS = [wav_of(WAVE[:200] * 90 + 128, 1), wav_of(WAVE[:200] * 9_000, 2),
          wav_of(WAVE[:200] * 9_000, 3, channels=2)]


@settings(max_examples=500)
@given(spoilt(SOUNDS) | st.binary(max_size=80))
def test_a_spoilt_wav_is_read_or_refused(data: bytes) -> None:
    assert key(lambda: media.sound(data)) in (
        "", "unreadable_sound", "silent", "too_long_sound")


@settings(max_examples=200)
@given(rate=st.integers(0, 2**32 - 1), channels=st.integers(0, 2**16 - 1),
       bits=st.integers(0, 64), form=st.sampled_from([0, 1, 3, 0xFFFE]),
       size=st.integers(0, 2**32 - 40))
def test_any_header_of_a_wav_is_read_or_refused(**said: int) -> None:
    assert key(lambda: media.sound(header(**said))) in (
        "", "unreadable_sound", "silent", "too_long_sound")


def test_samples_are_written_and_read_again() -> None:
    assert media.sound(media.wav(WAVE)) == pytest.approx(WAVE, abs=1e-4)
    assert media.sound(media.wav(np.array([0.5, 4.0]))).max() <= 1


# Tables

@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_part_the_columns(mark: str) -> None:
    text = "\n".join(mark.join(row) for row in (["day", "kg"], ["Mo", "3"], ["Tu", "4"]))
    sheet = media.table(text)
    assert sheet.columns == ("day", "kg")
    assert sheet.column("kg") == ["3", "4"]


def test_a_spreadsheet_with_decimal_commas() -> None:
    sheet = media.table("dia;kg;preço\r\n1;12,5;1.234,50\r\n2;3,25;2.000,00\r\n")
    assert sheet.numbers() == {"dia": [1, 2], "kg": [12.5, 3.25], "preço": [1234.5, 2000]}


@pytest.mark.parametrize(("typed", "meant"), [
    ("12", 12), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("12,5", 12.5), ("1,234", 1234),
    ("1,234,567", 1234567), ("12 %", 12), ("−3", -3), ("1 234", 1234), ("1\u00a0234,5", 1234.5),
    ("๑๒", 12), ("១២,៥", 12.5), ("၁၂", 12), ("໑.໕", 1.5), ("1e3", 1000), ("1.234.567,5", 1234567.5),
    ("", None), ("x", None), ("12 kg", None), ("nan", None), ("inf", None), ("-", None),
    ("1/2", None), ("²", None)])
def test_numbers_as_people_type_them(typed: str, meant: float | None) -> None:
    assert media.number(typed) == meant


def test_a_first_line_of_numbers_is_no_heading() -> None:
    sheet = media.table("1,2\n3,4")
    assert sheet.columns == ("1", "2")
    assert sheet.rows == (("1", "2"), ("3", "4"))


def test_short_rows_are_filled_long_ones_get_columns_and_names_are_told_apart() -> None:
    sheet = media.table("a,a,\n1\n2,3,4,5\n\n,,\n")
    assert sheet.columns == ("a", "a (2)", "3", "4")
    assert sheet.rows == (("1", "", "", ""), ("2", "3", "4", "5"))


def test_quoted_cells_may_hold_the_mark_and_line_ends() -> None:
    assert media.table('a,b\n"x, y","1\n2"').rows == (("x, y", "1\n2"),)


def test_a_column_is_one_of_numbers_if_two_thirds_are() -> None:
    sheet = media.table("a,b\n1,x\n2,1\n-,2\n")
    assert sheet.numbers() == {"a": [1, 2, None], "b": [None, 1, 2]}
    assert "a" not in media.table("a,b\n1,x\n-,1\n-,2\n").numbers()


@pytest.mark.parametrize(("text", "refused"), [
    ("", "empty"), ("\ufeff \n", "empty"), ("a,b", "too_few_rows"),
    ("a\n" + "1\n" * 6_000, "too_many_rows"), (",".join("abc" * 30), "unreadable_table"),
    (";;\n;", "empty"),
    ('a\n"' + "x" * 200_000, "unreadable_table")], ids=range(7))
def test_tables_that_are_none_are_refused(text: str, refused: str) -> None:
    assert key(lambda: media.table(text)) == refused


@settings(max_examples=400)
@given(st.text(alphabet=st.sampled_from('a1,;\t"\n\r\0 \ufeff๑-%.\x1c\u2028'), max_size=60)
       | st.text(max_size=60))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    if not key(lambda: media.table(text)):
        sheet = media.table(text)
        assert len(set(sheet.columns)) == len(sheet.columns)
        assert {len(row) for row in sheet.rows} <= {len(sheet.columns)}
        sheet.numbers()


@given(st.text(max_size=20))
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    found = media.number(text)
    assert found is None or np.isfinite(found)
