"""The rows that authorities read, field by field: the whole of what leaves the house at level D1."""

from supervision.core.fields import Resource, cell, codes, day, facts, instant, name_of, number, text, yes_no
from supervision.core.reader import Scope

PARTY, LISTING, DEMAND, ORDER = "party", "listing", "demand", "order"

DIVISION = text(
    "division_code", "区县（GB/T 2260），用于属地监管", "County (GB/T 2260): whose territory it is", may_lack=True
)
DIRECTION = text("direction", "五个方向之一", "Which of the five directions")
DEMO = yes_no("is_demo", "是否演示数据", "Whether it is demonstration data")

PARTIES = Resource(
    "parties", "party", Scope.PARTIES, "市场主体", "Parties",
    (
        name_of(PARTY, "party", "pk", "主体假名，按机构按季更换",
                "The party's pseudonym, new for each agency and quarter"),
        text("kind", "主体类型", "Kind of party"),
        text("size", "企业规模（自报）", "Size band as declared", may_lack=True),
        DIVISION,
        text("industry_code", "行业（GB/T 4754）", "Industry (GB/T 4754)", may_lack=True),
        number("verification_level", "身份核验等级 0 至 4", "Level of identity verification, 0 to 4"),
        day("verified_until", "核验有效期至", "Verification holds until", may_lack=True),
        text("grade", "信用等级，N 表示新主体", "Credit grade; N for new"),
        number("rating_count", "计入评分的评价数", "Ratings behind the score"),
        number("order_count", "计入评分的订单数", "Orders behind the score"),
        instant("registered_at", "注册时间", "When it registered", source="created_at"),
        DEMO,
    ),
)  # fmt: skip

LISTINGS = Resource(
    "listings", "listing", Scope.MARKET, "供给", "Listings",
    (
        name_of(LISTING, "listing", "pk", "供给假名", "The listing's pseudonym"),
        name_of(PARTY, "provider", "owner_id", "供方假名", "The provider's pseudonym"),
        DIRECTION,
        text("state", "状态：已发布、暂停、关闭、下架", "Published, paused, closed or removed"),
        DIVISION,
        cell("cell", "约一公里网格的西南角，个人的不提供",
             "South-west corner of a cell of about 1 km; none for persons", source="place", may_lack=True),
        text("industry_code", "行业（GB/T 4754）", "Industry (GB/T 4754)", may_lack=True),
        text("unit", "计量单位", "Unit of quantity"),
        number("price_fen", "公开单价（分，含税），空为询价",
               "Public price per unit in fen, tax included; none: by quote", may_lack=True),
        number("setup_fee_fen", "每单开机费（分）", "Setup fee per order in fen"),
        number("minimum_lot", "起订量", "Minimum lot"),
        number("capacity_per_week", "每周产能", "Capacity per week", may_lack=True),
        number("lead_time_days", "备货天数", "Lead time in days"),
        day("valid_until", "所依据许可的有效期", "Last day of the licence it rests on", may_lack=True),
        instant("published_at", "首次发布时间", "When it was published"),
        instant("changed_at", "最近修改时间", "When it was last edited"),
        DEMO,
    ),
)  # fmt: skip

DEMANDS = Resource(
    "demands", "demand", Scope.MARKET, "需求", "Demands",
    (
        name_of(DEMAND, "demand", "pk", "需求假名", "The demand's pseudonym"),
        name_of(PARTY, "consumer", "owner_id", "需方假名", "The consumer's pseudonym"),
        DIRECTION,
        text("state", "状态", "Where it stands"),
        DIVISION,
        cell("cell", "约一公里网格的西南角，个人的不提供",
             "South-west corner of a cell of about 1 km; none for persons", source="place", may_lack=True),
        text("industry_code", "行业（GB/T 4754）", "Industry (GB/T 4754)", may_lack=True),
        number("quantity", "数量", "Quantity"),
        text("unit", "计量单位", "Unit of quantity"),
        instant("period_start", "最早开始", "Earliest begin", may_lack=True),
        instant("period_end", "最晚结束", "Latest end", may_lack=True),
        yes_no("is_whole", "是否要求全量", "Whether it is all or nothing"),
        number("max_suppliers", "最多供方数", "Most suppliers"),
        instant("deadline_at", "截止时间", "Answers are taken until", may_lack=True),
        instant("published_at", "首次发布时间", "When it was published"),
        instant("changed_at", "最近修改时间", "When it was last edited"),
        DEMO,
    ),
)  # fmt: skip

ROUNDS = Resource(
    "rounds", "round", Scope.MARKET, "撮合轮次", "Match rounds",
    (
        text("code", "轮次编号（公开）", "The round's public code"),
        instant("at", "取数时刻", "The instant at which it looked at the market"),
        text(
            "trigger",
            "由谁触发：人工、命令、定时、实时市场",
            "Started by an operator, a command, the schedule or the live market",
        ),
        codes("directions", "涉及的方向", "Directions it covered"),
        number("n_components", "连通分量数", "Connected components"),
        number("n_served", "有匹配的需求数", "Demands with a partner"),
        number("n_unmatched", "未匹配的需求数", "Demands without one"),
        facts("fairness", "曝光与中选，按供方类别，含集中度", "Exposure and wins by kind of provider"),
        facts("rules", "公平规则及其代价：本轮与不设规则的对照", "Fairness terms: the round beside one without them"),
        number("value_fen", "建议金额合计（分）", "Sum of what is proposed to be paid, in fen"),
        facts("certificate", "证书：任何人可据以复核", "The certificate: what anyone can re-check"),
        facts("parameters", "算法参数", "Parameters of the algorithm"),
        facts("software", "软件版本", "Versions that decided it"),
        number("gather_ms", "取数毫秒", "Milliseconds to gather"),
        number("solve_ms", "求解毫秒", "Milliseconds to solve"),
        number("verify_ms", "验证毫秒", "Milliseconds to verify"),
        text("input_sha256", "输入的哈希", "Hash of the input"),
        text("outcome_sha256", "结果的哈希", "Hash of the outcome"),
    ),
    level="D4",
)  # fmt: skip

ORDERS = Resource(
    "orders", "order", Scope.ORDERS, "订单", "Orders",
    (
        name_of(ORDER, "order", "pk", "订单假名", "The order's pseudonym"),
        name_of(ORDER, "parent", "parent_id", "所属打包订单假名", "The bundle it is a leg of", may_lack=True),
        name_of(PARTY, "consumer", "consumer_id", "需方假名", "The consumer's pseudonym"),
        name_of(PARTY, "provider", "provider_id", "供方假名", "The provider's pseudonym", may_lack=True),
        name_of(LISTING, "listing", "listing_id", "供给假名", "The listing's pseudonym", may_lack=True),
        name_of(DEMAND, "demand", "demand_id", "需求假名", "The demand's pseudonym", may_lack=True),
        DIRECTION,
        text("lifecycle", "履约方式", "How it is performed"),
        text("state", "状态", "Where it stands"),
        DIVISION,
        number("quantity", "数量", "Quantity"),
        text("unit", "计量单位", "Unit of quantity"),
        number("unit_price_fen", "单价（分，含税）", "Price per unit in fen, tax included"),
        number("setup_fen", "开机费（分）", "Setup fee in fen"),
        number("total_fen", "总价（分，含税）", "Total in fen, tax included"),
        number("cancel_fee_fen", "取消费（分）", "Cancellation fee in fen"),
        text("source", "来源：直接下单、报价、撮合", "From a request, a quote or a match"),
        instant("period_start", "履约开始", "Performance begins", may_lack=True),
        instant("period_end", "履约结束", "Performance ends", may_lack=True),
        instant("proposed_at", "提出时间", "When it was proposed"),
        instant("agreed_at", "成立时间", "When it was agreed", may_lack=True),
        instant("completed_at", "完成时间", "When it was completed", may_lack=True),
        instant("ended_at", "终结时间", "When it ended", may_lack=True),
        instant("due_at", "当前期限", "The deadline that runs now", may_lack=True),
        text("agreement_sha256", "协议文本的哈希，供核对原件", "Hash of the agreement, to check an original against",
             may_lack=True),
        DEMO,
    ),
)  # fmt: skip

RATINGS = Resource(
    "ratings", "rating", Scope.ORDERS, "评价", "Ratings",
    (
        name_of("rating", "rating", "pk", "评价假名", "The rating's pseudonym"),
        name_of(ORDER, "order", "order_id", "订单假名", "The order's pseudonym"),
        name_of(PARTY, "rater", "rater_id", "评价方假名", "Who rated"),
        name_of(PARTY, "rated", "rated_id", "被评价方假名", "Who was rated"),
        yes_no("of_provider", "是否评价供方", "Whether the provider was rated"),
        DIRECTION,
        DIVISION,
        number("stars", "总评 1 至 5", "Overall, 1 to 5"),
        number("as_described", "与描述相符 1 至 5", "As described, 1 to 5"),
        number("on_time", "准时 1 至 5", "On time, 1 to 5"),
        number("quality", "质量 1 至 5", "Quality, 1 to 5"),
        number("conduct", "沟通与诚信 1 至 5", "Conduct, 1 to 5"),
        yes_no("is_hidden", "文字是否因违法被隐去", "Whether its words were hidden as unlawful"),
        instant("submitted_at", "提交时间", "When it was given"),
        instant("revealed_at", "公开时间", "When it was opened"),
        DEMO,
    ),
)  # fmt: skip

COMPLAINTS = Resource(
    "complaints", "complaint", Scope.COMPLAINTS, "投诉", "Complaints",
    (
        name_of("complaint", "complaint", "pk", "投诉假名", "The complaint's pseudonym"),
        name_of(ORDER, "order", "order_id", "订单假名", "The order's pseudonym", may_lack=True),
        name_of(LISTING, "listing", "listing_id", "供给假名", "The listing's pseudonym", may_lack=True),
        name_of(PARTY, "complainant", "complainant_id", "投诉方假名", "Who complains"),
        name_of(PARTY, "respondent", "respondent_id", "被投诉方假名", "Against whom"),
        DIRECTION,
        DIVISION,
        text("category", "类别", "Category"),
        text("remedy", "诉求", "What is asked for"),
        number("claim_fen", "请求金额（分）", "Amount claimed in fen", may_lack=True),
        text("state", "处理到哪一步", "Where it stands"),
        instant("since_at", "进入此步的时间", "In this step since"),
        instant("due_at", "此步期限", "Deadline of this step", may_lack=True),
        instant("hard_stop_at", "法定最后期限", "The law's outer limit", may_lack=True),
        instant("submitted_at", "提交时间", "When it was submitted"),
        instant("accepted_at", "受理时间", "When it was accepted", may_lack=True),
        instant("closed_at", "办结时间", "When it was closed", may_lack=True),
        text("finding", "认定结果", "What was found", may_lack=True),
        text("outlet", "转往的渠道", "Where it was escalated to", may_lack=True),
        instant("reopened_at", "重新打开的时间", "When it was reopened", may_lack=True),
        number("satisfaction", "满意度 1 至 5", "Satisfaction, 1 to 5", may_lack=True),
        DEMO,
    ),
)  # fmt: skip

VERIFICATIONS = Resource(
    "verifications", "verification", Scope.VERIFICATIONS, "身份核验", "Identity verifications",
    (
        name_of("verification", "verification", "pk", "核验假名", "The case's pseudonym"),
        name_of(PARTY, "party", "organisation_id", "主体假名", "The party's pseudonym"),
        text("kind", "核验类型", "Kind of case"),
        text("licence", "许可种类", "Which licence", may_lack=True),
        DIVISION,
        text("state", "状态", "Where it stands"),
        number("risk_percent", "机器给出的风险百分比", "Risk that the machine gave, in per cent", may_lack=True),
        yes_no("is_decided_by_machine", "是否仅由机器通过", "Whether the machine alone passed it"),
        yes_no("is_sampled", "是否被抽中人工复核", "Whether it was drawn for a second look"),
        instant("submitted_at", "提交时间", "When it was submitted"),
        instant("decided_at", "决定时间", "When it was decided", may_lack=True),
        day("document_until", "证件有效期", "Last day of the document", may_lack=True),
        day("valid_until", "核验有效期", "Last day of the verification", may_lack=True),
        DEMO,
    ),
)  # fmt: skip

RESOURCES = (PARTIES, LISTINGS, DEMANDS, ROUNDS, ORDERS, RATINGS, COMPLAINTS, VERIFICATIONS)
BY_NAME = {resource.name: resource for resource in RESOURCES}
BY_KIND = {resource.kind: resource for resource in RESOURCES}
