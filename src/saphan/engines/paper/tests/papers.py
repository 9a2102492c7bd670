"""One paper in fourteen languages to print and read back."""

from __future__ import annotations

from datetime import date

from saphan.engines.paper import (
    Cell,
    Column,
    Heading,
    Labels,
    Letterhead,
    Paper,
    Passage,
    Quote,
    Source,
    Table,
)

# Title, centre, sentence with figures, page words, "Sources", date.
WORDS = {
    "th": (
        "รายงานสรุปเรื่องศูนย์ปัญญาประดิษฐ์หนานหนิง",
        "ศูนย์นวัตกรรมความร่วมมือปัญญาประดิษฐ์จีน–อาเซียน",
        "พื้นที่จัดแสดง 19,000 ตารางเมตร บริษัทปัญญาประดิษฐ์เ"
        "พิ่มขึ้น 19.77% ในปี 2567 เทียบกับปี 2566 และมีโครงก"
        "ารระดับชาติ 76 โครงการที่ได้รับการรับรองเมื่อสิ้นปี",
        "หน้า {page} จาก {pages}", "แหล่งที่มา", "22 พฤศจิกายน 2569"),
    "zh-Hans": (
        "南宁人工智能中心简报",
        "中国—东盟人工智能创新合作中心",
        "展厅面积为19000平方米，“人工智能”企业数量同比增长19.77%；截至2023年底，"
        "共有76个国家级项目、16家大模型企业、303家智能工厂和197个数字化车间（含在建）。",
        "第 {page} 页，共 {pages} 页", "来源", "2026年11月22日"),
    "zh-Hant": (
        "南寧人工智慧中心簡報",
        "中國—東協人工智慧創新合作中心",
        "展廳面積為19000平方公尺，「人工智慧」企業數量年增19.77%；截至2023年底，共有76個國家級專案、16家大模型企業。",
        "第 {page} 頁，共 {pages} 頁", "來源", "2026年11月22日"),
    "en": (
        "Brief on the Nanning centre",
        "China-ASEAN AI Innovation Cooperation Center",
        "The hall covers 19,000 m²; the number of AI "
        "firms grew by 19.77% in 2024, and “76 nation"
        "al projects” were approved ≥ 16 model firms.",
        "Page {page} of {pages}", "Sources", "22 November 2026"),
    "vi": (
        "Bản tin tóm tắt về trung tâm Nam Ninh",
        "Trung tâm Hợp tác Đổi mới sáng tạo AI Trung Quốc – ASEAN",
        "Diện tích trưng bày 19.000 m²; số doanh nghiệp trí tuệ nhân "
        "tạo tăng 19,77% trong năm 2024 so với 2023, trị giá 5 tỷ ₫.",
        "Trang {page}/{pages}", "Nguồn", "22 tháng 11, 2026"),
    "lo": (
        "ບົດສະຫຼຸບກ່ຽວກັບສູນປັນຍາປະດິດ ໜານໜິງ",
        "ສູນຮ່ວມມືນະວັດຕະກຳປັນຍາປະດິດ ຈີນ-ອາຊຽນ",
        "ພື້ນທີ່ຈັດສະແດງ 19.000 ຕາແມັດ ຈຳນວນບໍລິສັດປັນຍາປະດ"
        "ິດເພີ່ມຂຶ້ນ 19,77% ໃນປີ 2024 ທຽບໃສ່ປີ 2023 ແລະ ມີໂ"
        "ຄງການລະດັບຊາດ 76 ໂຄງການທີ່ໄດ້ຮັບການຮັບຮອງໃນທ້າຍປີ",
        "ໜ້າ {page} ຈາກ {pages}", "ແຫຼ່ງຂໍ້ມູນ", "22 ພະຈິກ 2026"),
    "km": (
        "សេចក្តីសង្ខេបអំពីមជ្ឈមណ្ឌលណាននីង",
        "មជ្ឈមណ្ឌលសហប្រតិបត្តិការនវានុវត្តន៍បញ្ញាសិប្បនិម្មិតចិន-អាស៊ាន",
        "ផ្ទៃដីតាំងពិព័រណ៍ 19.000 ម៉ែត្រការ៉េ ចំនួនក្រុមហ៊ុនបញ្ញាសិប"
        "្បនិម្មិតកើនឡើង 19,77% ក្នុងឆ្នាំ 2024 បើធៀបនឹងឆ្នាំ 2023 ហ"
        "ើយមានគម្រោងថ្នាក់ជាតិចំនួន 76 ដែលត្រូវបានអនុម័តនៅចុងឆ្នាំ",
        "ទំព័រ {page} នៃ {pages}", "ប្រភព", "២២ វិច្ឆិកា 2026"),
    "my": (
        "နန်နင်းစင်တာအကြောင်း အကျဉ်းချုပ်",
        "တရုတ်-အာဆီယံ ဉာဏ်ရည်တု ဆန်းသစ်တီထွင်မှု ပူးပေါင်းဆောင်ရွက်ရေးစင်တာ",
        "ပြခန်းဧရိယာ ၁၉,၀၀၀ စတုရန်းမီတာ (19,000 m²) ရှိပြီး"
        " ဉာဏ်ရည်တုကုမ္ပဏီအရေအတွက်သည် ၂၀၂၃ ခုနှစ်နှင့် နှို"
        "င်းယှဉ်လျှင် ၂၀၂၄ ခုနှစ်တွင် 19.77% တိုးလာခဲ့သည်",
        "စာမျက်နှာ {page} / {pages}", "အရင်းအမြစ်များ", "22 နိုဝင်ဘာ 2026"),
    "id": (
        "Ringkasan pusat Nanning",
        "Pusat Kerja Sama Inovasi AI Tiongkok–ASEAN",
        "Luas ruang pamer 19.000 m²; jumlah p"
        "erusahaan AI naik 19,77% pada 2024.",
        "Halaman {page} dari {pages}", "Sumber", "22 November 2026"),
    "ms": (
        "Ringkasan pusat Nanning",
        "Pusat Kerjasama Inovasi AI China–ASEAN",
        "Keluasan dewan 19,000 m²; bilangan f"
        "irma AI meningkat 19.77% pada 2024.",
        "Halaman {page} daripada {pages}", "Sumber", "22 November 2026"),
    "fil": (
        "Buod tungkol sa sentro ng Nanning",
        "Sentro ng Kooperasyon sa Inobasyon ng AI ng Tsina–ASEAN",
        "May lawak na 19,000 m² ang bulwagan; tumaas n"
        "ang 19.77% ang mga kompanya ng AI noong 2024.",
        "Pahina {page} ng {pages}", "Mga sanggunian", "Nobyembre 22, 2026"),
    "pt": (
        "Síntese sobre o centro de Nanning",
        "Centro de Cooperação para a Inovação em IA China–ASEAN",
        "A sala ocupa 19 000 m²; o número de e"
        "mpresas de IA cresceu 19,77% em 2024.",
        "Página {page} de {pages}", "Fontes", "22 de novembro de 2026"),
    "ta": (
        "நான்னிங் மையம் பற்றிய சுருக்கம்",
        "சீனா–ஆசியான் செயற்கை நுண்ணறிவு மையம்",
        "கண்காட்சிப் பரப்பு 19,000 சதுர மீட்டர்; நிறுவனங்கள் 19.77% அதிகரித்தன.",
        "பக்கம் {page} / {pages}", "ஆதாரங்கள்", "22 நவம்பர், 2026"),
    "tet": (
        "Rezumu kona-ba sentru Nanning",
        "Sentru Kooperasaun Inovasaun IA Xina–ASEAN",
        "Sala ne'e iha 19.000 m²; empreza IA aumenta 19,77% iha 2024.",
        "Pájina {page} husi {pages}", "Fonte sira", "22 Novembru 2026"),
}
CHINESE = "截至2023年底，广西拥有76个国家级项目、16家大模型企业、303家智能工厂和197个数字化车间。"
FIGURES = ("19,000 m²", "19.77%", "76", "16", "303", "197", "1,788")


def paper(lang: str = "en", *, rows: int = 7, text: str = "") -> Paper:
    """A brief with sentences, a quoted original, a table of `rows` figures and two sources; `text`
    stands in every place that people write into."""
    title, centre, sentence, page, sources, day = WORDS[lang]
    figures = tuple((Cell(text or sentence[:30]),
                     Cell(FIGURES[number % 7], url=f"https://centre.test/f/{number}",
                          sources=(1 + number % 2,)),
                     Cell(day)) for number in range(rows))
    address = "https://www.portal.test/xw/2025/t20250412_190001234567.shtml"
    return Paper(
        lang=lang, title=text or title, letterhead=Letterhead(text or centre, ("Nanning 南宁",)),
        number="BRF-2026-0001", day=day, made=date(2026, 11, 22), standfirst=text or sentence,
        labels=Labels(sources=sources, page=page, record=sources, number="№", date=sources),
        blocks=(
            Heading(text or title),
            Passage(text or sentence, (1,), url="https://centre.test/q/1"),
            Passage(text or sentence, (1, 2), original=Quote(text or CHINESE, "zh-Hans")),
            Passage(sentence, note=text or title),
            Table((Column(sources, width=2), Column(text or title, numeric=True), Column(sources)),
                  figures, title=text or title, note=text or day)),
        sources=(
            Source(text or "广西人工智能产业", address, "zh-Hans", (text or centre, day),
                   (Quote(text or CHINESE, "zh-Hans"),), "https://centre.test/a/1"),
            Source(title, "https://example.test/a", "", (day,), (Quote(sentence, lang),))),
        closing=(text or centre,))
