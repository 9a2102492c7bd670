"""Three saved pages of Chinese portals, as a browser saves them: menus, lists of links, a foot, and
an article in between. All of it is written for these tests; no such paper exists."""

from __future__ import annotations

from pathlib import Path

MENU = "".join(f'<li><a href="/{number}/">{name}</a></li>' for number, name in enumerate((
    "首页", "要闻", "财经", "科技", "东盟", "视频", "图片", "专题", "服务", "关于我们")))
LINKS = "".join(f'<li><a href="/2025/{number}.html">{title}</a> <i>04-{number + 1:02d}</i></li>'
                for number, title in enumerate((
                    "今年一季度外贸数据公布", "口岸通关时间再缩短", "水果进口迎来旺季",
                    "铁路货运班列开行突破千列", "多地举办招聘会")))

ARTICLES: dict[str, tuple[str, str, list[str]]] = {
    "industry.html": ("广西人工智能产业加快集聚", "2025-04-10 09:12", [
        "本报南宁讯（记者 李文）广西正在加快建设面向东盟的人工智能产业集聚区，一批项目陆续落地。",
        "截至2023年底，广西拥有76个国家级项目、16家大模型企业、303家智能工厂和197个数字化车间。",
        "业内人士认为，产业基础正在由点到面铺开，下一步要让中小企业用得上、用得起这些技术。",
        "有关部门表示，将继续支持企业开放应用场景，并为来访的东盟企业提供一站式服务。"]),
    "growth.html": ("企业数量增长 合作项目增多", "2025-04-11 16:40", [
        "记者从发布会上获悉，2024年，广西人工智能企业数量比2023年增长19.77%，增速为近年来较高水平。",
        "发布会介绍，相关企业累计获得专利1788件，涵盖农业、制造和医疗等领域。",
        "在对外合作方面，广西与越南签约的人工智能合作项目达20个，部分项目已经开始试运行。",
        "与会专家说，签约只是开始，项目是否真正运行，还要看后续的数据和用户的评价。"]),
    "hall.html": ("面向东盟的展示大厅开放参观", "2025-04-12 11:05", [
        "位于南宁五象新区的展示大厅近日面向公众开放，参观者可以现场试用多种人工智能应用。",
        "展示大厅面积为1.9万平方米，设有展示、服务和培训三个区域，每周二至周日开放。",
        "一位来自泰国的参观者说，她最想看的是水果分拣的应用，因为这与自己的生意直接相关。",
        "工作人员介绍，团体参观需要提前预约，现场提供中文、英文和越南文讲解。"]),
}
"""File name: title, when it was published, its paragraphs."""

THAI = {
    "303家智能工厂": "เมื่อสิ้นปี 2566 กว่างซีมีโครงการระดับชาติ 76 โครงการ บริษัทโมเดลขนาดใหญ่ 16 แห่ง "
                "โรงงานอัจฉริยะ 303 แห่ง และโรงผลิตดิจิทัล 197 แห่ง",
    "19.77%": "ในปี 2567 จำนวนบริษัทปัญญาประดิษฐ์ของกว่างซีเพิ่มขึ้น 19.77% เทียบกับปี 2566",
    "1788件": "บริษัทเหล่านี้ได้รับสิทธิบัตรรวม 1,788 ฉบับ",
    "达20个": "กว่างซีลงนามโครงการความร่วมมือด้านปัญญาประดิษฐ์กับเวียดนาม 20 โครงการ",
    "1.9万平方米": "โถงจัดแสดงมีพื้นที่ 19,000 ตารางเมตร",
}
"""What a Thai officer writes for the sentences that hold these words."""


def page(name: str) -> str:
    """A saved page as a portal serves it."""
    title, published, paragraphs = ARTICLES[name]
    text = "".join(f"<p>　　{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_江城门户</title>
<meta name="publishdate" content="{published}"><meta property="og:title" content="{title}">
<link rel="canonical" href="https://portal.example.cn/2025/04/{name}"></head>
<body><div class="top"><ul class="nav">{MENU}</ul></div>
<div class="main"><div class="crumb">您现在的位置：首页 &gt; 科技 &gt; 正文</div>
<h1>{title}</h1><div class="info"><span>{published}</span> <span>来源：江城日报</span>
<span>【字体：大 中 小】</span></div>
<div class="article-content">{text}<p class="editor">责任编辑：王小明</p></div>
<div class="share">分享到：微信 微博 打印 关闭窗口</div></div>
<div class="side"><h3>热点新闻</h3><ul>{LINKS}</ul></div>
<div class="foot">江城门户 版权所有 ICP备00000000号 联系电话：0000-1234567</div></body></html>
"""


def saved(folder: Path) -> list[Path]:
    """The pages as files."""
    files = []
    for name in ARTICLES:
        file = folder / name
        file.write_text(page(name), "utf-8")
        files.append(file)
    return files
