"""Every kind of finding, with its wording in English and Chinese.

NBO1xx files and YAML · NBO2xx conditions · NBO3xx the parts of a pack · NBO4xx quotes · NBO5xx scripts and compliance.
A code is never reused; each has a page in `docs/diagnostics/` whose wrong and right examples are run by the tests.
"""

from __future__ import annotations

from nbo.diagnostics.diagnostic import Code, Severity, Text

DID_YOU_MEAN = Text("did you mean `{suggestion}`?", "是否想写 `{suggestion}`？")


def _error(number: int, en: str, zh: str, *, help_en: str = "", help_zh: str = "") -> Code:
    return Code(f"NBO{number}", Severity.ERROR, Text(en, zh), Text(help_en, help_zh) if help_en else None)


def _warning(number: int, en: str, zh: str, *, help_en: str = "", help_zh: str = "") -> Code:
    return Code(f"NBO{number}", Severity.WARNING, Text(en, zh), Text(help_en, help_zh) if help_en else None)


# --- files and YAML ---------------------------------------------------------------------------------------------------

UNREADABLE_FILE = _error(
    101, "the file cannot be read: {problem}", "无法读取文件：{problem}",
    help_en="check that the path is right and that it may be read", help_zh="请检查路径和读取权限",
)  # fmt: skip
NOT_UTF8 = _error(
    102, "the file is not UTF-8 text", "文件不是 UTF-8 文本",
    help_en="save the file as UTF-8", help_zh="请把文件另存为 UTF-8 编码",
)  # fmt: skip
FILE_TOO_LARGE = _error(
    103, "the file is larger than {limit}", "文件超过 {limit}",
    help_en="split it into several files", help_zh="请拆分成多个文件",
)  # fmt: skip
NOT_YAML = _error(
    104, "this is not valid YAML: {problem}", "不是合法的 YAML：{problem}",
    help_en="check the indentation, brackets and quotes here and on the line before", help_zh="请检查本行和上一行的缩进、括号和引号",
)  # fmt: skip
STARTS_WITH_BRACES = _error(
    105, "a text that starts with `{{{{` must be quoted", "以 `{{{{` 开头的文本必须加引号",
    help_en="write {fixed}", help_zh="请写成 {fixed}",
)  # fmt: skip
STARTS_WITH_QUOTE = _error(
    106, "text goes on after the closing quote", "引号结束之后还有文字",
    help_en="quote the whole text: {fixed}", help_zh="请把整段文字放进引号：{fixed}",
)  # fmt: skip
COLON_IN_TEXT = _error(
    107, "a text with `: ` in it must be quoted", "含有 `: `（冒号加空格）的文本必须加引号",
    help_en="put the text in single quotes, or write it on its own line after `|`", help_zh="请用单引号括起整段文字，或在 `|` 之后另起一行",
)  # fmt: skip
EMPTY_FILE = _error(108, "the file is empty", "文件是空的")
SEVERAL_DOCUMENTS = _error(
    109, "a second document starts here", "这里开始了第二个文档",
    help_en="remove the `---` line, or move what follows into its own file", help_zh="请删除 `---` 行，或把后面的内容移到单独的文件",
)  # fmt: skip
YAML_TOO_DEEP = _error(110, "nested more than {limit} levels deep", "嵌套超过 {limit} 层")
YAML_TOO_MANY_NODES = _error(
    111, "more than {limit} values in one file, aliases counted in full", "单个文件超过 {limit} 个值（别名按展开计算）"
)
YAML_TAG = _error(
    112, "the tag `{tag}` is not allowed", "不允许使用标签 `{tag}`",
    help_en="remove the tag; what a value means follows from where it stands", help_zh="请删除标签；值的含义由所在位置决定",
)  # fmt: skip
DUPLICATE_KEY = _error(
    113, "`{key}` appears twice; first on line {line}", "`{key}` 重复出现，第一次在第 {line} 行",
    help_en="keep one of the two", help_zh="请只保留一个",
)  # fmt: skip
UNKNOWN_ANCHOR = _error(114, "nothing is marked `&{anchor}`", "没有标记为 `&{anchor}` 的内容")
KEY_NOT_TEXT = _error(
    115, "a key must be a plain text", "键必须是普通文本",
    help_en="a text that starts with a bracket must be quoted", help_zh="以括号开头的文本必须加引号",
)  # fmt: skip

PART_ABSENT = _error(
    120, "`{path}`, named as {part}, does not exist", "`{path}`（{part}）不存在",
    help_en="create it, correct the path, or state `{{none: why}}` where the part may be left out",
    help_zh="请创建该文件、更正路径，或在允许省略时写 `{{none: 原因}}`",
)  # fmt: skip
FILE_NOT_NAMED = _error(
    121, "nothing in `pack.yaml` names this file, so it would have no effect", "`pack.yaml` 没有引用此文件，它不会生效",
    help_en="name it in `pack.yaml`, or remove it", help_zh="请在 `pack.yaml` 中引用它，或删除它",
)  # fmt: skip
PATH_LEAVES_RULES = _error(
    122, "`{path}` leads out of the folder that holds the packs", "`{path}` 指向了规则目录之外",
    help_en="keep rule files inside that folder, and use no links out of it", help_zh="请把规则文件放在该目录内，不要使用指向外部的链接",
)  # fmt: skip
PACK_FILE_ABSENT = _error(
    123, "there is no `pack.yaml` in `{path}`", "`{path}` 中没有 `pack.yaml`",
    help_en="give the folder of a rule pack", help_zh="请指定规则包所在的文件夹",
)  # fmt: skip
PART_LATER = _error(
    124, "`{part}` is not read by this version", "此版本尚不支持 `{part}`",
    help_en="remove it; a part that is named but not applied would be policy that silently vanishes",
    help_zh="请删除；写了却不生效的部分等于无声消失的规则",
)  # fmt: skip

UNKNOWN_KEY = _error(130, "unknown key `{key}`", "未知的键 `{key}`",
    help_en="known here: {known}", help_zh="此处可用：{known}")  # fmt: skip
KEY_REQUIRED = _error(131, "`{key}` is required here", "此处必须有 `{key}`")
WRONG_SHAPE = _error(132, "expected {expected} here", "此处应为{expected}")
WRONG_VALUE = _error(133, "`{value}` is not {expected}", "`{value}` 不是{expected}")
NOT_A_CHOICE = _error(134, "`{value}` is not one of {choices}", "`{value}` 不在可选值 {choices} 之中")

# --- conditions -------------------------------------------------------------------------------------------------------

SYNTAX = _error(201, "this condition cannot be read here", "条件表达式在此处无法解析",
    help_en="write comparisons such as `customer.age >= 18`, joined by `and`, `or`, `not`",
    help_zh="请写成 `customer.age >= 18` 这样的比较，用 `and`、`or`、`not` 连接")  # fmt: skip
NOT_ALLOWED = _error(202, "{what} is not part of the condition language", "条件语言不支持{what}")
UNKNOWN_ATTRIBUTE = _error(203, "unknown attribute `{name}`", "未知的属性 `{name}`",
    help_en="add it to the dictionary, or correct the name", help_zh="请在数据字典中添加，或更正名称")  # fmt: skip
TYPES_DO_NOT_FIT = _error(204, "{left} and {right} do not fit together in `{operator}`", "`{operator}` 的两侧类型不匹配：{left} 与 {right}")
NOT_IN_ENUM = _error(205, "`{value}` is not a value of {attribute}", "`{value}` 不是 {attribute} 的取值",
    help_en="its values: {values}", help_zh="可用取值：{values}")  # fmt: skip
UNKNOWN_FUNCTION = _error(206, "unknown function `{name}`", "未知的函数 `{name}`",
    help_en="known functions: {known}", help_zh="可用函数：{known}")  # fmt: skip
WRONG_ARGUMENTS = _error(207, "`{function}` takes {expected}", "`{function}` 的参数应为 {expected}")
NEVER_TRUE = _error(208, "this can never hold", "该条件永远不成立",
    help_en="no value within {domain} satisfies it", help_zh="{domain} 范围内没有满足它的取值")  # fmt: skip
ALWAYS_TRUE = _warning(209, "this always holds, so it decides nothing", "该条件永远成立，不起作用",
    help_en="every value within {domain} satisfies it; remove it or correct the limit", help_zh="{domain} 范围内的所有取值都满足它；请删除或更正")  # fmt: skip
TOO_COMPLEX = _error(210, "the condition is longer or deeper than {limit}", "条件过长或嵌套过深，超过 {limit}",
    help_en="split it into several lines; a list of clauses means `and`", help_zh="请拆成多行；多条条件之间是“并且”关系")  # fmt: skip
WRONG_RESULT_TYPE = _error(211, "this is {actual}, but {expected} is needed", "此处得到的是{actual}，需要的是{expected}")
BARE_NAME = _error(212, "`{name}` stands for no value here", "`{name}` 在此处不代表任何取值",
    help_en="an attribute is written with its namespace (`customer.age`); a text is quoted",
    help_zh="属性要写命名空间（`customer.age`）；文本要加引号")  # fmt: skip
NUMBER_FORM = _error(213, "`{number}` is not a number of this language", "`{number}` 不是合法的数字写法",
    help_en="write digits with at most 18 before and 10 after the point, no exponent and no underscore; a rate as 0.0060",
    help_zh="小数点前最多 18 位、后最多 10 位，不用指数和下划线；费率写成 0.0060")  # fmt: skip
NOT_ORDERED = _error(214, "{attribute} has no order, so `{operator}` cannot compare it", "{attribute} 没有顺序，不能用 `{operator}` 比较",
    help_en="use `==` or `in`, or mark the enum `ordered: true` in the dictionary", help_zh="请用 `==` 或 `in`，或在数据字典中标记 `ordered: true`")  # fmt: skip
DERIVED_IN_CIRCLE = _error(215, "{name} is derived from itself: {circle}", "{name} 的推导出现循环：{circle}")
BAD_LITERAL = _error(216, "`{value}` is not {expected}", "`{value}` 不是{expected}")
EQUALS_SIGN = _error(217, "a comparison is written `==`", "比较要写 `==`",
    help_en="write `==` instead of `=`", help_zh="请把 `=` 改成 `==`")  # fmt: skip

# --- the parts of a pack ----------------------------------------------------------------------------------------------

DUPLICATE_ID = _error(301, "the {kind} `{id}` exists already, at {place}", "{kind} `{id}` 已存在于 {place}")
UNKNOWN_REFERENCE = _error(302, "there is no {kind} `{name}`", "不存在名为 `{name}` 的{kind}",
    help_en="known: {known}", help_zh="可用：{known}")  # fmt: skip
SALES_NEEDS = _error(303, "a sales offer needs `{key}`", "销售类产品必须有 `{key}`")
DATES_BACKWARDS = _error(304, "the last day, {through}, is before the first, {start}", "结束日 {through} 早于开始日 {start}")
OFFER_EXPIRED = _warning(305, "the offer ended on {through}", "该产品已于 {through} 到期",
    help_en="extend `valid`, or remove the file", help_zh="请延长 `valid`，或删除该文件")  # fmt: skip
ATTRIBUTE_SETTING = _error(306, "`{key}` does not apply to {type}", "`{key}` 不适用于{type}")
VALUES_REQUIRED = _error(307, "{type} needs `values`", "{type}需要 `values`",
    help_en="list what it can be: `values: [A, B]`", help_zh="请列出可能的取值：`values: [A, B]`")  # fmt: skip
NAME_TAKEN = _error(308, "`{name}` already names {other}", "`{name}` 已用于 {other}")
BAD_NAME = _error(309, "`{name}` cannot be written in a condition", "`{name}` 不能写在条件里",
    help_en="use letters (any script), digits and `_`, not starting with a digit, and no word of the language such as `in`, `or` or `is`",
    help_zh="请用文字、数字和 `_`，不以数字开头，且不要用 `in`、`or`、`is` 等保留字")  # fmt: skip
ONE_SIDED_VALUE = _warning(310, "the bank's value rises with `{field}`, which the customer pays, and the customer's value does not see it",
    "银行收益随客户支付的 `{field}` 上升，而客户价值没有反映它",
    help_en="let `value.customer` fall with the cost, for instance with a comparison or a saving",
    help_zh="请让 `value.customer` 反映成本，例如使用对比或节省金额")  # fmt: skip
NO_OPT_OUT = _error(311, "a pack with `use: profile` attributes must say when a customer has opted out", "含有 `use: profile` 属性的规则包必须说明客户何时已拒绝个性化",
    help_en="add `personalization: {{opted_out: consent.personalization_opt_out}}` to `pack.yaml`",
    help_zh="请在 `pack.yaml` 中加入 `personalization: {{opted_out: consent.personalization_opt_out}}`")  # fmt: skip
BAD_ZONE = _error(312, "`{zone}` is no time zone", "`{zone}` 不是时区名",
    help_en="write a name such as `Asia/Shanghai`", help_zh="请写 `Asia/Shanghai` 这样的名称")  # fmt: skip

QUOTE_TOO_EARLY = _error(313, "`{name}` is not known yet at this stage", "`{name}` 在这一阶段尚不存在",
    help_en="quote fields can be read by `suitability`, `value`, `propensity`, scripts and compliance rules",
    help_zh="报价字段只能在 `suitability`、`value`、`propensity`、话术和合规规则中读取")  # fmt: skip
NOT_SET_HERE = _error(314, "`{name}` has no value here", "`{name}` 在此处没有取值")
KEY_NOT_FOR_KIND = _error(315, "`{key}` does not belong to a rule of kind `{kind}`", "`{key}` 不适用于 `{kind}` 类规则")

# --- quotes -----------------------------------------------------------------------------------------------------------

RECOMMENDED_TERM = _error(401, "exactly one of several terms must be `recommended: true`, not {count}", "多个期数中必须恰有一个 `recommended: true`，现有 {count} 个")
DUPLICATE_TERM = _error(402, "the term of {periods} periods appears twice", "{periods} 期重复出现")
RATE_TOO_HIGH = _error(403, "{rate} per period is more than {limit}", "每期 {rate} 高于 {limit}",
    help_en="a rate is written `0.60%` or `0.0060`", help_zh="费率写作 `0.60%` 或 `0.0060`")  # fmt: skip
MONEY_UNBOUNDED = _error(404, "the script says {field}, so it needs a largest amount", "话术中念出 {field}，因此需要最大金额",
    help_en="add `max:` to {where}", help_zh="请在 {where} 添加 `max:`")  # fmt: skip

# --- scripts and compliance -------------------------------------------------------------------------------------------

UNKNOWN_PLACEHOLDER = _error(501, "unknown placeholder `{name}`", "未知的占位符 `{name}`")
UNKNOWN_FORMAT = _error(502, "`{format}` does not format {type}", "`{format}` 不能用于{type}",
    help_en="formats for it: {known}", help_zh="可用格式：{known}")  # fmt: skip
PLACEHOLDER_FORM = _error(503, "this placeholder is not closed or not a name", "占位符没有闭合，或不是名称",
    help_en="write `{{{{ quote.payment }}}}`", help_zh="请写成 `{{{{ quote.payment }}}}`")  # fmt: skip
LANGUAGE_MISSING = _error(504, "the text in `{language}` is missing", "缺少 `{language}` 文本")
FORBIDDEN_WORDING = _error(505, "`{term}` must not be said ({rule}, {citation})", "不得出现“{term}”（{rule}，{citation}）")
SLOT_NOT_FILLED = _error(506, "`{slot}` can be left unsaid in `{language}` ({rule}, {citation})", "`{language}` 话术可能漏说 `{slot}`（{rule}，{citation}）",
    help_en="let a segment without `when` say it: `says: [{slot}]`", help_zh="请让一个没有 `when` 的段落说出它：`says: [{slot}]`")  # fmt: skip
SLOT_NOT_WORDED = _error(507, "this does not word `{slot}` as {rule} accepts it in `{language}`", "该段没有按 {rule} 认可的措辞说出 `{slot}`（`{language}`）",
    help_en="use one of: {phrases}", help_zh="请使用以下措辞之一：{phrases}")  # fmt: skip
FIELD_NOT_SAID = _error(508, "`{field}` can be left unsaid in `{language}` ({rule}, {citation})", "`{language}` 话术可能没有念出 `{field}`（{rule}，{citation}）",
    help_en="say it through a placeholder in a segment that is always on", help_zh="请在始终启用的段落中用占位符念出它")  # fmt: skip
PHRASE_NOT_SAID = _error(509, "none of {phrases} is certain to be said in `{language}` ({rule}, {citation})", "`{language}` 话术未必会说出 {phrases}（{rule}，{citation}）")
TALKS_TOO_LONG = _error(510, "at worst {seconds} s of {stages} in `{language}`, more than {limit} s ({rule})", "`{language}` 话术的 {stages} 最长 {seconds} 秒，超过 {limit} 秒（{rule}）",
    help_en="shorten it; the worst case fills every placeholder with its longest value", help_zh="请缩短；最长时长按占位符的最长取值计算")  # fmt: skip
LITERAL_NUMBER = _error(511, "the number `{number}` is written out where a price is said ({rule})", "报价话术里直接写了数字“{number}”（{rule}）",
    help_en="use a placeholder such as `{{{{ quote.payment }}}}`", help_zh="请使用 `{{{{ quote.payment }}}}` 这样的占位符")  # fmt: skip
PERSONAL_DATA = _error(512, "a text holds personal data ({kind})", "文本中含有个人信息（{kind}）")
TEXT_UNBOUNDED = _error(513, "the script says `{name}`, so it needs `{key}`", "话术中念出 `{name}`，因此需要 `{key}`",
    help_en="add `{key}` to the attribute in the dictionary", help_zh="请在数据字典中为该属性添加 `{key}`")  # fmt: skip
