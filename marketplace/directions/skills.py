"""Knowledge and skills: tasks in six fields, proposed sealed, awarded, delivered in milestones."""

from operator import eq

from marketplace.directions._fields import asked, note, several
from marketplace.directions._fit import Reading, Remote
from marketplace.directions._kinds import all_of, at_least, equal, has, one_of, require, share_of
from marketplace.directions._labels import Label, Word
from marketplace.directions._spec import Attributes, Direction, Lifecycle, MatchClass
from marketplace.directions._terms import Line


class Field(Word):
    """The six fields that the policy names."""

    RESEARCH = "research", "研发", "Research and development"
    DESIGN = "design", "设计", "Design"
    CREATIVE = "creative", "创意", "Creative work"
    OPERATIONS = "operations", "运营", "Operations"
    CONSULTING = "consulting", "咨询", "Consulting"
    LEGAL = "legal", "法务", "Legal affairs"


class Speciality(Word):
    """What is done; each belongs to one field, named before the full stop."""

    MECHANICAL_RD = "research.mechanical", "机械产品研发", "Mechanical product development"
    ELECTRONIC_RD = "research.electronic", "电子硬件研发", "Electronic hardware development"
    SOFTWARE_RD = "research.software", "软件与系统开发", "Software and systems"
    EMBEDDED_RD = "research.embedded", "嵌入式开发", "Embedded development"
    ALGORITHM_RD = "research.algorithm", "算法与数据分析", "Algorithms and data analysis"
    SIMULATION_RD = "research.simulation", "仿真分析 CAE/CFD", "Simulation (CAE, CFD)"
    MATERIAL_RD = "research.material", "材料与配方研发", "Materials and formulas"
    BIO_RD = "research.bio", "生物医药研发", "Life science"
    PROCESS_RD = "research.process", "工艺开发与试制", "Process development and trial production"
    INDUSTRIAL_DESIGN = "design.industrial", "工业设计（外观）", "Industrial design"
    STRUCTURE_DESIGN = "design.structure", "结构设计", "Structural design"
    MOULD_DESIGN = "design.mould", "模具设计", "Mould design"
    PCB_DESIGN = "design.pcb", "电路与 PCB 设计", "Circuit and PCB design"
    CHIP_DESIGN = "design.chip", "集成电路设计", "IC design"
    PACKAGE_DESIGN = "design.package", "包装设计", "Packaging design"
    FASHION_DESIGN = "design.fashion", "服装与鞋帽设计", "Apparel and footwear design"
    UI_DESIGN = "design.ui", "界面与交互设计", "Interface and interaction design"
    BUILDING_DESIGN = "design.building", "建筑与工厂布局设计", "Buildings and plant layout"
    BRANDING = "creative.branding", "品牌策划", "Branding"
    COPYWRITING = "creative.copywriting", "文案策划", "Copywriting"
    VIDEO = "creative.video", "视频与动画", "Video and animation"
    PHOTO = "creative.photo", "摄影", "Photography"
    THREE_D = "creative.three_d", "三维建模与渲染", "3D modelling and rendering"
    ECOMMERCE = "operations.ecommerce", "电商运营", "E-commerce operations"
    LIVE_COMMERCE = "operations.live", "直播运营", "Live commerce"
    NEW_MEDIA = "operations.media", "新媒体运营", "Social media operations"
    FIELD_SURVEY = "operations.survey", "市场调查与实地采集", "Field surveys"
    IT_OPERATIONS = "operations.it", "信息系统运维", "IT operations"
    DATA_LABELLING = "operations.labelling", "数据标注与录入", "Data labelling and entry"
    TRANSLATION = "operations.translation", "翻译与本地化", "Translation"
    LEAN = "consulting.lean", "精益生产与工艺改善", "Lean production"
    QUALITY = "consulting.quality", "质量体系与认证辅导", "Quality systems and certification"
    DIGITAL = "consulting.digital", "数字化转型诊断", "Digital transformation"
    SAFETY = "consulting.safety", "安全环保咨询", "Safety and environment"
    FINANCE = "consulting.finance", "财税咨询", "Finance and tax"
    STRATEGY = "consulting.strategy", "战略与市场咨询", "Strategy and market"
    PROJECT_FUNDING = "consulting.project", "科技项目申报咨询", "Applying for science projects"
    TRAINING = "consulting.training", "技术培训", "Technical training"
    PATENT = "legal.patent", "专利代理", "Patent agency"
    TRADEMARK = "legal.trademark", "商标与版权", "Trade marks and copyright"
    CONTRACT = "legal.contract", "合同起草与审查", "Contracts"
    COMPLIANCE = "legal.compliance", "合规与数据保护", "Compliance and data protection"
    DISPUTE = "legal.dispute", "争议解决", "Disputes"


class Qualification(Word):
    LAWYER = "lawyer", "律师执业证", "Practising lawyer"
    PATENT_AGENT = "patent_agent", "专利代理师", "Patent attorney"
    ACCOUNTANT = "cpa", "注册会计师", "Certified public accountant"
    TAX = "tax_advisor", "税务师", "Tax advisor"
    SENIOR_ENGINEER = "senior_engineer", "高级工程师", "Senior engineer"
    ENGINEER = "engineer", "工程师", "Engineer"
    REGISTERED_ARCHITECT = "architect", "注册建筑师", "Registered architect"
    STRUCTURAL = "structural_engineer", "注册结构工程师", "Registered structural engineer"
    ELECTRICAL = "electrical_engineer", "注册电气工程师", "Registered electrical engineer"
    SAFETY_ENGINEER = "safety_engineer", "注册安全工程师", "Registered safety engineer"
    SOFTWARE = "software_exam", "计算机技术与软件资格（高级）", "Software qualification, senior"
    PMP = "pmp", "项目管理 PMP", "PMP"
    SIX_SIGMA = "six_sigma", "六西格玛黑带", "Six Sigma black belt"
    AUDITOR = "iso_auditor", "质量体系审核员", "Management system auditor"
    TRANSLATOR = "catti", "翻译资格 CATTI", "CATTI translator"
    PHD = "phd", "博士学位", "Doctorate"
    PROFESSOR = "professor", "教授/研究员", "Professor"


class Deliverable(Word):
    DRAWINGS = "drawings_2d", "二维图纸", "2D drawings"
    MODEL = "model_3d", "三维模型", "3D model"
    BOM = "bom", "物料清单 BOM", "Bill of materials"
    GERBER = "gerber", "Gerber/生产文件", "Gerber and production files"
    SOURCE = "source_code", "源代码", "Source code"
    PROTOTYPE = "prototype", "样机/打样", "Prototype"
    REPORT = "report", "报告", "Report"
    DATASET = "dataset", "数据集", "Data set"
    PROCESS_CARD = "process_card", "工艺卡/作业指导书", "Process sheet"
    ARTWORK = "artwork", "设计稿源文件", "Artwork source files"
    VIDEO = "video", "成片", "Finished video"
    COPY = "copy", "文案稿", "Copy"
    APPLICATION = "application", "申请文件", "Application papers"
    CONTRACT = "contract", "合同文本", "Contract text"
    OPINION = "opinion", "法律意见书", "Legal opinion"
    COURSE = "course", "培训课程", "Training course"
    ON_SITE = "on_site_service", "现场服务记录", "Record of service on site"


class WorkMode(Word):
    REMOTE = "remote", "远程", "Remote"
    ON_SITE = "on_site", "驻场/到场", "On site"


class Rights(Word):
    """Who holds what is made."""

    CONSUMER = "consumer", "成果归需方", "The consumer"
    PROVIDER_LICENCE = "provider_licence", "归供方，许可需方使用", "The provider, who licenses it"
    SHARED = "shared", "双方共有", "Both"


class Offer(Attributes):
    field: Field = asked("领域", "Field")
    specialities: tuple[Speciality, ...] = several("专长", "Specialities", ..., min_length=1)
    qualifications: tuple[Qualification, ...] = several("资格与职称", "Qualifications")
    software: tuple[Line, ...] = several(
        "熟练软件与工具",
        "Software and tools",
        help_zh="每行一个，如 SolidWorks、ANSYS",
        help_en="One a line, such as SolidWorks, ANSYS",
    )
    languages: tuple[Line, ...] = several("工作语言", "Working languages")
    experience_years: int | None = asked("从业年限", "Years of experience", None, unit="年", ge=0, le=70)
    team_size: int = asked("团队人数", "People in the team", 1, unit="人", ge=1, le=10_000)
    work_modes: tuple[WorkMode, ...] = several("工作方式", "Where the work is done", (WorkMode.REMOTE,), min_length=1)
    travel_radius_km: int | None = asked("可到场半径", "Travels up to", None, unit="km", ge=0, le=6000)
    deliverables: tuple[Deliverable, ...] = several("可交付成果", "Deliverables")
    industries_served: tuple[Line, ...] = several("服务过的行业", "Industries served")
    references: str = note("代表案例", "References")
    rights: Rights = asked("成果权属", "Rights in the result", Rights.CONSUMER)
    signs_confidentiality: bool = asked("可签保密协议", "Signs a confidentiality agreement", True)
    tasks_at_once: int = asked("可同时承接任务数", "Tasks at a time", 1, ge=1, le=10_000)


class Need(Attributes):
    field: Field = asked("领域", "Field")
    speciality: Speciality | None = asked("专长", "Speciality", None)
    objective: str = note("目标与验收标准", "Goal and acceptance criteria")
    qualifications: tuple[Qualification, ...] = several("须具备的资格", "Qualifications required")
    software: tuple[Line, ...] = several("软件与工具", "Software and tools")
    languages: tuple[Line, ...] = several("工作语言", "Working languages")
    minimum_experience_years: int | None = asked("最低从业年限", "Least experience", None, unit="年", ge=0, le=70)
    work_mode: WorkMode | None = asked(
        "工作方式", "Where the work is done", None, help_zh="不选表示均可", help_en="Leave open if either will do"
    )
    deliverables: tuple[Deliverable, ...] = several("须交付的成果", "Deliverables wanted")
    rights: Rights | None = asked("成果权属要求", "Rights in the result", None)
    needs_confidentiality: bool = asked("须签保密协议", "Needs a confidentiality agreement", False)
    background: str = note("背景资料", "Background")


_TERMS = (
    require("field", Label("领域", "field"), "field", "field", eq, reason=Label("领域不同", "another field")),
    one_of("speciality", Label("专长", "speciality"), "specialities", "speciality", otherwise=0.25, weight=4),
    all_of("work_mode", Label("工作方式", "way of working"), "work_modes", "work_mode",
           reason=Label("工作方式不符", "does not work in the way wanted")),
    all_of("qualifications", Label("资格", "qualifications"), "qualifications", "qualifications",
           reason=Label("缺少所需资格", "lacks a qualification that is required")),
    at_least("experience", Label("从业年限", "experience"), "experience_years", "minimum_experience_years",
             reason=Label("从业年限不足", "has less experience than asked for")),
    has("confidentiality", Label("保密协议", "confidentiality"), "signs_confidentiality", "needs_confidentiality",
        reason=Label("不签保密协议", "signs no confidentiality agreement")),
    equal("rights", Label("成果权属", "rights"), "rights", "rights", otherwise=0.3),
    share_of("software", Label("软件工具", "software"), "software", "software", weight=2),
    share_of("languages", Label("语言", "languages"), "languages", "languages"),
    share_of("deliverables", Label("交付成果", "deliverables"), "deliverables", "deliverables", weight=2),
)  # fmt: skip
_REMOTE = Remote(
    Reading(("work_modes",), lambda modes: WorkMode.REMOTE in modes),
    Reading(("work_mode",), lambda mode: mode != WorkMode.ON_SITE),
)


def _licences(offer: Offer) -> tuple[str, ...]:
    if Speciality.PATENT in offer.specialities:
        return ("patent_agency",)
    lawyers_only = {Speciality.DISPUTE} & set(offer.specialities)
    return ("law_practice",) if lawyers_only else ()


SKILLS = Direction(
    code="skills",
    label=Label("知识技能", "Knowledge and skills"),
    about=Label(
        "研发、设计、创意、运营、咨询、法务六类任务，密封应标、按里程碑验收",
        "Tasks in research, design, creative work, operations, consulting and law; sealed quotes, milestones",
    ),
    icon="lightbulb",
    units=("task", "person_day"),
    lifecycle=Lifecycle.MILESTONES,
    matching=MatchClass.UNIT,
    offer=Offer,
    need=Need,
    terms=_TERMS,
    remote=_REMOTE,
    facets=("field", "specialities", "work_modes", "qualifications"),
    is_sealed=True,
    licences=_licences,
    places=lambda offer: offer.tasks_at_once,
)
