"""Photographs of trade papers that are made: the truth of every field is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import photos
from PIL import Image, ImageDraw

from saphan.exhibits.container_door.iso6346 import check_digit

CJK = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
LATIN = ("liberation/LiberationSans-Regular.ttf", "dejavu/DejaVuSans.ttf",
         "liberation/LiberationSerif-Regular.ttf", "noto/NotoSans-Regular.ttf")
KINDS = ("invoice", "packing", "certificate")
# per language: titles of the three kinds, then names of fields and columns
WORDS = {
    "en": ("COMMERCIAL INVOICE", "PACKING LIST", "CERTIFICATE OF ORIGIN", "Invoice No.", "Date",
           "Seller", "Buyer", "Terms", "Container No.", "Gross weight", "Net weight", "Description",
           "HS code", "Quantity", "Unit price", "Amount", "Total"),
    "zh-Hans": ("商业发票", "装箱单", "原产地证书", "发票号码", "日期", "卖方", "买方", "贸易条款",
                "集装箱号", "毛重", "净重", "货物名称", "税则号", "数量", "单价", "金额", "合计"),
    "zh-Hant": ("商業發票", "裝箱單", "原產地證書", "發票號碼", "日期", "賣方", "買方", "貿易條款",
                "集裝箱號", "毛重", "淨重", "貨物名稱", "稅則號", "數量", "單價", "金額", "合計"),
    "id": ("FAKTUR", "DAFTAR KEMASAN", "SURAT KETERANGAN ASAL", "No. Faktur", "Tanggal", "Penjual",
           "Pembeli", "Syarat", "No. Kontainer", "Berat kotor", "Berat bersih", "Uraian",
           "Kode HS", "Kuantitas", "Harga satuan", "Nilai", "Jumlah total"),
    "ms": ("INVOIS", "SENARAI BUNGKUSAN", "SIJIL TEMPAT ASAL", "No. Invois", "Tarikh", "Penjual",
           "Pembeli", "Terma", "No. Kontena", "Berat kotor", "Berat bersih", "Butiran", "Kod HS",
           "Kuantiti", "Harga seunit", "Amaun", "Jumlah besar"),
    "fil": ("RESIBO", "LISTAHAN NG PAKETE", "SERTIPIKO NG PINAGMULAN", "Numero ng Resibo", "Petsa",
            "Nagbenta", "Bumili", "Tuntunin", "Numero ng Container", "Kabuuang timbang",
            "Netong timbang", "Paglalarawan", "HS code", "Dami", "Presyo", "Halaga", "Kabuuan"),
    "pt": ("FATURA", "LISTA DE EMBALAGEM", "CERTIFICADO DE ORIGEM", "Fatura No.", "Data",
           "Vendedor", "Comprador", "Condições", "Contentor No.", "Peso bruto", "Peso líquido",
           "Descrição", "Código HS", "Quantidade", "Preço", "Valor", "Valor total"),
    "vi": ("HOA DON", "PHIEU DONG GOI", "CHUNG NHAN XUAT XU", "So hoa don", "Ngay", "Nguoi ban",
           "Nguoi mua", "Dieu kien", "So container", "Trong luong ca bi", "Trong luong tinh",
           "Ten hang", "Ma HS", "So luong", "Don gia", "Thanh tien", "Tong cong"),
}
PARTIES = ("Nanning Fruit Trading Co Ltd", "Mekong Rice Export Ltd", "Lanna Herbs Company",
           "Borneo Timber Sdn Bhd", "PT Sumber Laut Jaya", "Visayas Coconut Inc",
           "Kampot Pepper Growers", "Golden Delta Foods", "Timor Coffee Cooperative")
ZH_PARTIES = ("南宁果业有限公司", "桂林米粉厂", "凭祥物流公司", "北海水产有限公司")
GOODS = (("Fresh durian", "081060"), ("Dried mango", "080450"), ("White rice", "100630"),
         ("Black pepper", "090411"), ("Coffee beans", "090111"), ("Frozen shrimp", "030617"),
         ("Rubber sheet", "400121"), ("LED lamp", "853952"), ("Cotton shirt", "610510"))
PORTS = ("Qinzhou", "Haiphong", "Laem Chabang", "Port Klang", "Jakarta", "Manila", "Sihanoukville")
WIDTH, HEIGHT = 1240, 1500
THAI_YEARS = 543


@dataclass(frozen=True)
class Made:
    """A made photograph (JPEG bytes) and the truth of each field."""

    kind: str
    lang: str
    truth: dict[str, str]
    photo: bytes


def papers(seed: int, each: int) -> list[Made]:
    """`each` papers of every kind in every language."""
    dice = np.random.default_rng(seed)
    return [made(dice, kind, lang) for lang in WORDS for kind in KINDS for _ in range(each)]


def made(dice: np.random.Generator, kind: str, lang: str, wrong: bool = False,
         hard: bool = False) -> Made:
    """One paper. `wrong`: its total is not the sum of its lines. `hard`: crumpled light, blur."""
    word = WORDS[lang]
    parties = list(ZH_PARTIES if lang == "zh-Hans" else PARTIES)
    seller, buyer = (str(each) for each in dice.choice(parties, 2, False))
    day = date(2025, 1, 1) + timedelta(int(dice.integers(0, 700)))
    currency = str(dice.choice(("USD", "CNY", "THB", "MYR", "EUR")))
    number = f"{dice.choice(('INV', 'TX', 'GX', 'A'))}-{dice.integers(2024, 2027)}-" \
             f"{dice.integers(10, 9999):04d}"
    head = "".join(dice.choice(list("ABCDEFGHKLMNPRSTVWXY"), 3)) + "U" \
        + f"{dice.integers(0, 999999):06d}"
    container = head + str(check_digit(head))
    items = [(*GOODS[at], int(dice.integers(2, 900)), int(dice.integers(20, 9000)) / 100)
             for at in dice.choice(len(GOODS), int(dice.integers(1, 5)), False)]
    total = sum(round(q * p, 2) for _, _, q, p in items) + (90.0 if wrong else 0)
    gross = int(dice.integers(2000, 26000))
    terms = f"{dice.choice(('FOB', 'CIF', 'DAP', 'CFR', 'EXW'))} {dice.choice(PORTS)}"
    truth = {"kind": kind, "number": number, "date": day.isoformat(), "seller": seller,
             "buyer": buyer, "container": container, "gross": str(gross),
             "hs": " ".join(sorted(code for _, code, _, _ in items))}
    if kind == "invoice":
        truth |= {"incoterm": terms, "currency": currency, "total": f"{total:.2f}"}
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(sheet)
    faces = [photos.font(CJK if lang.startswith("zh") else str(name), size)
             for name in [dice.choice(LATIN)] for size in (44, 25)]
    _head(dice, draw, faces, word, truth, _day(dice, day), terms, gross, lang)
    _table(draw, faces[1], word, items, currency, total, kind, int(dice.integers(760, 830)))
    picture = np.asarray(sheet)
    table = (np.array([96, 74, 52]) * (0.7 + 0.5 * photos.clouds(
        dice, HEIGHT, WIDTH, 100)[:, :, None])).astype(np.uint8)
    picture = photos.slanted(dice, picture, 0.16 if hard else 0.035, table)
    picture = photos.blurred(dice, picture, 7 if hard else dice.uniform(0.5, 1.6))
    picture = photos.lit(dice, picture, 0.5 if hard else dice.uniform(0.05, 0.3))
    return Made(kind, lang, truth, photos.jpeg(picture, 60))


def _day(dice: np.random.Generator, day: date) -> str:
    styles = (f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day:%d.%m.%Y}",
              f"{day.year}年{day.month}月{day.day}日",
              f"{day:%d/%m}/{day.year + THAI_YEARS}")
    return str(styles[dice.choice(len(styles), p=(0.3, 0.25, 0.15, 0.1, 0.2))])


def _head(dice: np.random.Generator, draw: ImageDraw.ImageDraw, faces: list, word: tuple[str, ...],
          truth: dict[str, str], day: str, terms: str, gross: int, lang: str) -> None:
    """Title and fields: two columns, values beside or below their names."""
    ink, face = (20, 20, 30), faces[1]
    cjk = photos.font(CJK, 25)
    draw.text((int(dice.integers(90, 500)), 90), word[KINDS.index(truth["kind"])], ink, faces[0])
    fields = [(word[3], truth["number"]), (word[4], day), (word[5], truth["seller"]),
              (word[6], truth["buyer"])]
    if truth["kind"] == "invoice":
        fields.append((word[7], terms))
    fields += [(word[8], f"{truth['container'][:4]} {truth['container'][4:]}"),
               (word[9], f"{gross:,} KG"), (word[10], f"{gross - 180:,} KG")]
    style, first = dice.random(), int(dice.integers(90, 110))
    for at, (name, value) in enumerate(fields):
        x, y = (first, 190 + at // 2 * 120) if at % 2 == 0 else (680, 190 + at // 2 * 120)
        own = cjk if "年" in value else face
        if style < 0.4:
            draw.text((x, y), f"{name}: {value}", ink, cjk if own is cjk else face)
        elif style < 0.7:
            draw.text((x, y), name, (90, 90, 100), face)
            draw.text((x, y + 40), value, ink, own)
        else:
            draw.text((x, y), f"{name}:", ink, face)
            draw.text((x + 40 + draw.textlength(f"{name}:", face), y), value, ink, own)


def _table(draw: ImageDraw.ImageDraw, face: object, word: tuple[str, ...], items: list,
           currency: str, total: float, kind: str, top: int) -> None:
    money = kind == "invoice"
    columns = (90, 420, 640, 820, 1000) if money else (90, 520, 850)
    heads = word[11:16] if money else word[11:14]
    ink, y = (20, 20, 30), top
    for x, name in zip(columns, heads, strict=True):
        draw.text((x, y), name, ink, face)
    draw.line((80, y + 42, WIDTH - 80, y + 42), fill=ink, width=2)
    for goods, code, quantity, price in items:
        y += 62
        cells = [goods, f"{code[:4]}.{code[4:]}", f"{quantity:,}"]
        cells += [f"{price:,.2f}", f"{round(quantity * price, 2):,.2f}"] if money else []
        for x, text in zip(columns, cells, strict=True):
            draw.text((x, y), text, ink, face)
    if money:
        draw.line((80, y + 52, WIDTH - 80, y + 52), fill=ink, width=2)
        draw.text((640, y + 78), word[16], ink, face)
        draw.text((920, y + 78), f"{currency} {total:,.2f}", ink, face)
