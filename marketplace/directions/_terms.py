"""Terms that several directions share: units, licences, materials, certificates."""

from typing import Annotated

from pydantic import StringConstraints

from marketplace.directions._labels import Label, Word

Line = Annotated[str, StringConstraints(min_length=1, max_length=80)]
DivisionPrefix = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{1,5}$")]

UNITS = {
    "machine_hour": Label("机时", "machine hour"),
    "sample": Label("样品", "sample"),
    "person_day": Label("人日", "person-day"),
    "task": Label("项", "task"),
    "bundle": Label("套", "bundle"),
    "batch": Label("批", "batch"),
    "trip": Label("车次", "trip"),
    "pallet_day": Label("托盘·天", "pallet-day"),
    "service": Label("次", "service"),
    "piece": Label("件", "piece"),
    "pair": Label("双", "pair"),
    "set": Label("台套", "set"),
    "kg": Label("千克", "kg"),
    "t": Label("吨", "tonne"),
    "m": Label("米", "metre"),
    "m2": Label("平方米", "square metre"),
    "m3": Label("立方米", "cubic metre"),
}

# Codes of the licences and certificates that accounts verifies.
LICENCES = {
    "law_practice": Label("律师事务所执业许可证", "law firm licence"),
    "patent_agency": Label("专利代理机构执业许可证", "patent agency licence"),
    "road_transport": Label("道路运输经营许可证", "road transport licence"),
    "hazardous_transport": Label("道路危险货物运输许可证", "hazardous goods transport licence"),
    "food_production": Label("食品生产许可证", "food production licence"),
    "inspection_body": Label("检验检测机构资质认定证书（CMA）", "inspection body qualification (CMA)"),
    "radiation_safety": Label("辐射安全许可证", "radiation safety licence"),
}


class Material(Word):
    """What is worked, as a shop floor names it."""

    CARBON_STEEL = "carbon_steel", "碳钢", "carbon steel"
    ALLOY_STEEL = "alloy_steel", "合金钢", "alloy steel"
    STAINLESS = "stainless_steel", "不锈钢", "stainless steel"
    TOOL_STEEL = "tool_steel", "模具钢", "tool steel"
    CAST_IRON = "cast_iron", "铸铁", "cast iron"
    ALUMINIUM = "aluminium", "铝合金", "aluminium alloy"
    MAGNESIUM = "magnesium", "镁合金", "magnesium alloy"
    COPPER = "copper", "铜及铜合金", "copper and alloys"
    TITANIUM = "titanium", "钛合金", "titanium alloy"
    SUPERALLOY = "superalloy", "高温合金", "superalloy"
    ABS = "abs", "ABS", "ABS"
    PC = "pc", "聚碳酸酯 PC", "polycarbonate PC"
    PA = "pa", "尼龙 PA", "nylon PA"
    POM = "pom", "聚甲醛 POM", "acetal POM"
    PP_PE = "pp_pe", "聚丙烯/聚乙烯", "PP / PE"
    RESIN = "photopolymer", "光敏树脂", "photopolymer resin"
    COMPOSITE = "composite", "碳纤维等复合材料", "composites"
    CERAMIC = "ceramic", "陶瓷", "ceramics"
    GLASS = "glass", "玻璃", "glass"
    SILICON = "silicon", "硅片及半导体", "silicon and semiconductors"
    RUBBER = "rubber", "橡胶/硅胶", "rubber / silicone"
    WOOD = "wood", "木材", "wood"
    PAPER = "paper", "纸/纸板", "paper and board"
    COTTON = "cotton", "棉", "cotton"
    SYNTHETIC_FIBRE = "synthetic_fibre", "化纤", "synthetic fibre"
    LEATHER = "leather", "皮革", "leather"
    FOOD = "food", "食品原料", "food ingredients"
    OTHER = "other", "其他", "other"


class Certificate(Word):
    """Management systems and product approvals that buyers ask for."""

    ISO9001 = "iso9001", "质量管理体系 GB/T 19001（ISO 9001）", "ISO 9001"
    ISO14001 = "iso14001", "环境管理体系 GB/T 24001（ISO 14001）", "ISO 14001"
    ISO45001 = "iso45001", "职业健康安全 GB/T 45001（ISO 45001）", "ISO 45001"
    IATF16949 = "iatf16949", "汽车质量管理体系 IATF 16949", "IATF 16949"
    AS9100 = "as9100", "航空航天质量管理体系 AS9100", "AS9100"
    ISO13485 = "iso13485", "医疗器械质量管理体系 ISO 13485", "ISO 13485"
    GJB9001 = "gjb9001", "装备质量管理体系 GJB 9001", "GJB 9001"
    ISO22000 = "iso22000", "食品安全管理体系 ISO 22000", "ISO 22000"
    HACCP = "haccp", "HACCP", "HACCP"
    GMP = "gmp", "GMP", "GMP"
    CCC = "ccc", "强制性产品认证 CCC", "China Compulsory Certification"
    CE = "ce", "CE", "CE"
    UL = "ul", "UL", "UL"
    BSCI = "bsci", "BSCI 社会责任", "amfori BSCI"
    SA8000 = "sa8000", "SA8000 社会责任", "SA8000"
    OEKO_TEX = "oeko_tex", "OEKO-TEX 100", "OEKO-TEX Standard 100"
    FSC = "fsc", "FSC 森林认证", "FSC"
    ISO27001 = "iso27001", "信息安全管理体系 ISO 27001", "ISO 27001"
