"""Pictures and documents: what they are is read from their bytes, and only readers get them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.rooms.market.models import Media
from saphan.rooms.market.tests.conftest import DURIAN, page, signed_in

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def add(client, listing, content=PNG, name="a.png", caption="ทุเรียน"):
    return client.post(f"/en/market/{listing.number}/media/", {
        "file": SimpleUploadedFile(name, content), "caption": caption}, follow=True)


def test_a_picture_is_shown_with_its_caption(client, as_packer, published):
    add(as_packer, published)
    media = Media.objects.get()
    html = page(client.get(f"/en/market/{published.number}/"))
    assert 'alt="ทุเรียน"' in html
    response = client.get(f"/en/market/{published.number}/media/{media.pk}/")
    assert response.getvalue() == PNG
    response.close()
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("content", [
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", b"<html>", b"GIF89a",
    b"MZ\x90", b"RIFF1234AVI "], ids=["svg", "html", "gif", "exe", "avi"])
def test_only_pictures_and_pdf_are_taken_whatever_their_name_says(as_packer, draft, content):
    response = add(as_packer, draft, content)
    assert response.status_code == 422
    assert "Send a JPEG, PNG or WebP picture, or a PDF." in response.content.decode()
    assert not Media.objects.exists()


def test_a_file_over_five_megabytes_is_refused(as_packer, draft):
    response = add(as_packer, draft, PNG + b"\x00" * 5 * 1024 * 1024)
    assert "The limit is 5 MB." in response.content.decode()


def test_a_pdf_is_downloaded_not_opened_in_the_page(as_packer, published, client):
    add(as_packer, published, b"%PDF-1.7 x", "../../a.html")
    media = Media.objects.get()
    response = client.get(f"/en/market/{published.number}/media/{media.pk}/")
    response.close()
    assert response["Content-Disposition"].startswith("attachment")
    assert media.file.name.endswith(".pdf")
    assert ".." not in media.file.name


def test_pictures_of_a_draft_are_seen_by_its_author_only(client, as_packer, draft):
    add(as_packer, draft)
    address = f"/en/market/{draft.number}/media/{Media.objects.get().pk}/"
    assert client.get(address).status_code == 404
    response = as_packer.get(address)
    response.close()
    assert response.status_code == 200


def test_a_stranger_adds_and_removes_nothing(as_packer, published, stranger):
    add(as_packer, published)
    other = signed_in(stranger)
    assert add(other, published, b"%PDF-1.7 y", "y.pdf").status_code == 422
    address = f"/en/market/{published.number}/media/{Media.objects.get().pk}/remove/"
    assert other.post(address).status_code == 403
    assert Media.objects.count() == 1


def test_the_same_picture_is_kept_once_and_can_be_removed(as_packer, draft):
    add(as_packer, draft)
    add(as_packer, draft)
    media = Media.objects.get()
    assert page(as_packer.post(f"/en/market/{draft.number}/media/{media.pk}/remove/", follow=True))
    assert not Media.objects.exists()


def test_a_picture_of_another_record_is_not_found_under_this_one(as_packer, draft, published):
    as_packer.post("/en/market/new/", DURIAN)
    add(as_packer, draft)
    other = type(draft).objects.exclude(pk=draft.pk).get()
    media = Media.objects.get()
    assert as_packer.get(f"/en/market/{other.number}/media/{media.pk}/").status_code == 404
