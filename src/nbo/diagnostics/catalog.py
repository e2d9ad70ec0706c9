"""Every kind of finding, with its wording in English and Chinese.

NBO1xx files and YAML · NBO2xx conditions · NBO3xx the parts of a pack · NBO4xx quotes · NBO5xx scripts and compliance ·
NBO6xx lints: what a pack that loads says and probably does not mean.
A code is never reused; each has a page in `docs/diagnostics/` whose wrong and right examples are run by the tests.

An entry is: number, message in English and Chinese, then the usual help in both (what to write instead).
"""

from __future__ import annotations

from nbo.diagnostics.diagnostic import Code, Severity, Text

DID_YOU_MEAN = Text("did you mean `{suggestion}`?", "是否想写 `{suggestion}`？")
NONE_DEFINED = Text("the pack has none", "规则包中没有定义")


def _error(number: int, en: str, zh: str, help_en: str = "", help_zh: str = "") -> Code:
    return Code(f"NBO{number}", Severity.ERROR, Text(en, zh), Text(help_en, help_zh) if help_en else None)


def _warning(number: int, en: str, zh: str, help_en: str = "", help_zh: str = "") -> Code:
    return Code(f"NBO{number}", Severity.WARNING, Text(en, zh), Text(help_en, help_zh) if help_en else None)


def _note(number: int, en: str, zh: str, help_en: str = "", help_zh: str = "") -> Code:
    return Code(f"NBO{number}", Severity.NOTE, Text(en, zh), Text(help_en, help_zh) if help_en else None)


# A table reads better with an entry in a few lines than with every text on a line of its own.
# fmt: off

# --- files and YAML ---------------------------------------------------------------------------------------------------

UNREADABLE_FILE = _error(101,
    "the file cannot be read: {problem}", "无法读取文件：{problem}",
    "check that the path is right and that it may be read", "请检查路径和读取权限")
NOT_UTF8 = _error(102,
    "the file is not UTF-8 text", "文件不是 UTF-8 文本",
    "save the file as UTF-8", "请把文件另存为 UTF-8 编码")
FILE_TOO_LARGE = _error(103,
    "the file is larger than {limit}", "文件超过 {limit}",
    "split it into several files", "请拆分成多个文件")
NOT_YAML = _error(104,
    "this is not valid YAML: {problem}", "不是合法的 YAML：{problem}",
    "check the indentation, brackets and quotes here and on the line before", "请检查本行和上一行的缩进、括号和引号")
STARTS_WITH_BRACES = _error(105,
    "a text that starts with `{{{{` must be quoted", "以 `{{{{` 开头的文本必须加引号",
    "write {fixed}", "请写成 {fixed}")
STARTS_WITH_QUOTE = _error(106,
    "text goes on after the closing quote", "引号结束之后还有文字",
    "quote the whole text: {fixed}", "请把整段文字放进引号：{fixed}")
COLON_IN_TEXT = _error(107,
    "a text with `: ` in it must be quoted", "含有 `: `（冒号加空格）的文本必须加引号",
    "write {fixed}", "请写成 {fixed}")
EMPTY_FILE = _error(108,
    "the file has no content", "文件没有内容",
    "write its content, or remove the file", "请写入内容，或删除该文件")
SEVERAL_DOCUMENTS = _error(109,
    "a second document starts here", "这里开始了第二个文档",
    "remove the `---` line, or move what follows into its own file", "请删除 `---` 行，或把后面的内容移到单独的文件")
YAML_TOO_DEEP = _error(110,
    "nested more than {limit} levels deep", "嵌套超过 {limit} 层",
    "no rule file needs that; look for brackets that are opened and not closed",
    "规则文件不需要这么深；请检查没有闭合的括号")
YAML_TOO_MANY_NODES = _error(111,
    "more than {limit} values in one file, aliases counted in full", "单个文件超过 {limit} 个值（别名按展开计算）",
    "split the file; look for aliases (`*name`) that stand for other aliases",
    "请拆分文件，并检查别名（`*名称`）是否层层套用")
YAML_TAG = _error(112,
    "the tag `{tag}` is not allowed", "不允许使用标签 `{tag}`",
    "remove it, or quote the text if it is to start with `!`", "请删除它；文本要以 `!` 开头时请加引号")
DUPLICATE_KEY = _error(113,
    "`{key}` appears twice; first on line {line}", "`{key}` 重复出现，第一次在第 {line} 行",
    "keep one of the two", "请只保留一个")
UNKNOWN_ANCHOR = _error(114,
    "nothing above is marked `&{anchor}`", "上文没有标记为 `&{anchor}` 的内容",
    "mark what is meant with `&{anchor}` further up, or quote the text if it is to start with `*`",
    "请在上文用 `&{anchor}` 标记要引用的内容；文本要以 `*` 开头时请加引号")
KEY_NOT_TEXT = _error(115,
    "a key must be a plain text", "键必须是普通文本",
    "a text that starts with a bracket must be quoted", "以括号开头的文本必须加引号")
COMMA_IN_TEXT = _error(116,
    "inside `{{ }}` a text with a comma or a bracket must be quoted", "`{{ }}` 里含有英文逗号或括号的文本必须加引号",
    "write {fixed}", "请写成 {fixed}")
CANNOT_START = _error(117,
    "a text that starts with `{character}` must be quoted", "以 `{character}` 开头的文本必须加引号",
    "write {fixed}", "请写成 {fixed}")
BAD_INDENT = _error(118,
    "the indentation does not fit the lines above", "缩进与上文不一致",
    "what belongs together starts in the same column; what belongs under a line starts two columns further in",
    "同级内容从同一列开始；下级内容再缩进两格")
NOT_CLOSED = _error(119,
    "this `{mark}` is never closed", "此处的 `{mark}` 没有闭合",
    "add `{closing}` where it ends", "请在结束处加上 `{closing}`")

PART_ABSENT = _error(120,
    "`{path}`, named as {part}, does not exist", "`{path}`（{part}）不存在",
    "create it, correct the path, or state `{{none: why}}` where the part may be left out",
    "请创建该文件、更正路径，或在允许省略时写 `{{none: 原因}}`")
FILE_NOT_NAMED = _error(121,
    "nothing in `pack.yaml` names `{path}`, so it would have no effect", "`pack.yaml` 没有引用 `{path}`，它不会生效",
    "name it in `pack.yaml`, or remove it; rule files end in `.yaml`",
    "请在 `pack.yaml` 中引用它，或删除它；规则文件以 `.yaml` 结尾")
PATH_LEAVES_RULES = _error(122,
    "`{path}` leads out of the folder that holds the packs", "`{path}` 指向了规则目录之外",
    "keep rule files inside that folder, and use no links out of it",
    "请把规则文件放在该目录内，不要使用指向外部的链接")
PACK_FILE_ABSENT = _error(123,
    "there is no `pack.yaml` in `{path}`", "`{path}` 中没有 `pack.yaml`",
    "give the folder of a rule pack", "请指定规则包所在的文件夹")
PART_IS_FOLDER = _error(125,
    "`{path}`, named as {part}, is a folder", "`{path}`（{part}）是文件夹",
    "{part} is one file: write its path", "{part} 是单个文件，请写它的路径")
FULL_WIDTH_SIGN = _error(126,
    "`{sign}` is a full-width sign, which YAML takes for text", "`{sign}` 是全角符号，YAML 会把它当成文字",
    "write {right}", "请写成 {right}")

UNKNOWN_KEY = _error(130,
    "unknown key `{key}`", "未知的键 `{key}`",
    "known here: {known}", "此处可用：{known}")
KEY_REQUIRED = _error(131,
    "`{key}` is required here", "此处必须有 `{key}`",
    "add a line `{key}: …`", "请加上一行 `{key}: …`")
WRONG_SHAPE = _error(132,
    "expected {expected} here", "此处应为：{expected}")
WRONG_VALUE = _error(133,
    "`{value}` is not {expected}", "`{value}` 不对，应为：{expected}")
NOT_A_CHOICE = _error(134,
    "`{value}` is not one of {choices}", "`{value}` 不在可选值 {choices} 之中")
NOTHING_WRITTEN = _error(135,
    "nothing is written here", "此处没有写内容",
    "write a value, or remove the key", "请写上内容，或删除这个键")

NOT_COMMAS = _error(136,
    "the cells are separated by `{separator}` instead of commas", "单元格之间用的是 `{separator}`，而不是英文逗号",
    "separate them by commas; a spreadsheet does so when it saves as CSV (UTF-8)",
    "请用英文逗号分隔；表格软件另存为 CSV（UTF-8）即可")

# --- conditions -------------------------------------------------------------------------------------------------------

SYNTAX = _error(201,
    "this condition cannot be read here", "条件表达式在此处无法解析",
    "write comparisons such as `customer.age >= 18`, joined by `and`, `or`, `not`",
    "请写成 `customer.age >= 18` 这样的比较，用 `and`、`or`、`not` 连接")
NOT_ALLOWED = _error(202,
    "{what} is not part of the condition language", "条件语言不支持：{what}",
    "a condition compares attributes with values, and joins comparisons by `and`, `or`, `not`",
    "条件只比较属性与取值，并用 `and`、`or`、`not` 连接")
UNKNOWN_ATTRIBUTE = _error(203,
    "unknown attribute `{name}`", "未知的属性 `{name}`",
    "add it to the dictionary, or correct the name", "请在数据字典中添加，或更正名称")
TYPES_DO_NOT_FIT = _error(204,
    "{left} and {right} do not fit together in `{operator}`", "`{operator}` 的两侧类型不匹配：{left}与{right}",
    "write both sides in the same type; the dictionary says which type an attribute has",
    "两侧要用同一类型；属性的类型见数据字典")
NOT_IN_ENUM = _error(205,
    "`{value}` is not a value of {attribute}", "`{value}` 不是 {attribute} 的取值",
    "its values: {values}", "可用取值：{values}")
UNKNOWN_FUNCTION = _error(206,
    "unknown function `{name}`", "未知的函数 `{name}`",
    "known functions: {known}", "可用函数：{known}")
WRONG_ARGUMENTS = _error(207,
    "`{function}` takes {expected}", "`{function}` 的参数应为：{expected}")
NEVER_TRUE = _error(208,
    "this can never hold", "该条件永远不成立",
    "no value within {domain} satisfies it", "{domain} 范围内没有满足它的取值")
ALWAYS_TRUE = _warning(209,
    "this always holds, so it decides nothing", "该条件永远成立，不起作用",
    "every value within {domain} satisfies it; remove it or correct the limit",
    "{domain} 范围内的所有取值都满足它；请删除或更正")
TOO_COMPLEX = _error(210,
    "the condition is longer or deeper than {limit}", "条件过长或嵌套过深，超过 {limit}",
    "split it into several lines; a list of clauses means `and`", "请拆成多行；多条条件之间是“并且”关系")
WRONG_RESULT_TYPE = _error(211,
    "this is {actual}, but {expected} is needed", "此处得到{actual}，需要{expected}",
    "a comparison such as `customer.age >= 18` gives true or false; arithmetic gives the type of its attributes",
    "`customer.age >= 18` 这样的比较得到是否值；算式得到其属性的类型")
BARE_NAME = _error(212,
    "`{name}` stands for no value here", "`{name}` 在此处不代表任何取值",
    "an attribute has its namespace (`customer.age`), a text its quotes; for several values write `in [a, b]`",
    "属性要写命名空间（`customer.age`），文本要加引号；多个取值写作 `in [a, b]`")
NUMBER_FORM = _error(213,
    "`{number}` is not a number of this language", "`{number}` 不是合法的数字写法",
    "write plain digits such as 1000 or 0.0060, at most 18 before and 10 after the point; a date is `date(\"2026-08-01\")`",
    "请只写数字，如 1000 或 0.0060，小数点前最多 18 位、后最多 10 位；日期写作 `date(\"2026-08-01\")`")
NOT_ORDERED = _error(214,
    "{attribute} has no order, so `{operator}` cannot compare it", "{attribute} 没有顺序，不能用 `{operator}` 比较",
    "use `==` or `in`, or mark the enum `ordered: true` in the dictionary",
    "请用 `==` 或 `in`，或在数据字典中标记 `ordered: true`")
DERIVED_IN_CIRCLE = _error(215,
    "{name} is derived from itself: {circle}", "{name} 的推导出现循环：{circle}",
    "take one of them out of the formula of the other", "请从其中一个公式里去掉另一个")
BAD_LITERAL = _error(216,
    "`{value}` is not {expected}", "`{value}` 不对，应为：{expected}",
    "write a day of the calendar, or a time from 00:00 to 23:59", "请写日历上存在的日期，或 00:00 至 23:59 的时刻")
EQUALS_SIGN = _error(217,
    "a comparison is written `==`", "比较要写 `==`",
    "write `==` instead of `=`", "请把 `=` 改成 `==`")

# --- the parts of a pack ----------------------------------------------------------------------------------------------

DUPLICATE_ID = _error(301,
    "the {kind} `{id}` exists already, at {place}", "{kind} `{id}` 已存在于 {place}",
    "rename one of the two, or remove it", "请将其中一个改名或删除")
UNKNOWN_REFERENCE = _error(302,
    "there is no {kind} `{name}`", "不存在名为 `{name}` 的{kind}",
    "known: {known}", "可用：{known}")
SALES_NEEDS = _error(303,
    "a sales offer needs `{key}`", "销售类产品必须有 `{key}`",
    "add {example}", "请加上 {example}")
DATES_BACKWARDS = _error(304,
    "the last day, {through}, is before the first, {start}", "结束日 {through} 早于开始日 {start}",
    "correct one of the two; both days are included", "请更正其中一个；首尾两天都包含在内")
OFFER_EXPIRED = _warning(305,
    "the offer ended on {through}", "该产品已于 {through} 到期",
    "extend `valid`, or remove the file", "请延长 `valid`，或删除该文件")
ATTRIBUTE_SETTING = _error(306,
    "`{key}` does not apply to {type}", "`{key}` 不适用于{type}",
    "remove it, or correct `type`", "请删除它，或更正 `type`")
VALUES_REQUIRED = _error(307,
    "`values` is required: it lists what {type} can be", "必须用 `values` 列出可能的取值（{type}）",
    "write for instance `values: [A, B]`", "例如 `values: [A, B]`")
NAME_TAKEN = _error(308,
    "`{name}` already names {other}", "`{name}` 已用于：{other}",
    "choose another name", "请换一个名称")
BAD_NAME = _error(309,
    "`{name}` cannot be written in a condition", "`{name}` 不能写在条件里",
    "use letters (any script), digits and `_`, no digit at the start, and no word of the language such as `in` or `is`",
    "请用文字、数字和 `_`，不以数字开头，且不要用 `in`、`or`、`is` 等保留字")
ONE_SIDED_VALUE = _warning(310,
    "the bank's value rises with `{field}`, which the customer pays, and the customer's value does not see it",
    "银行收益随客户支付的 `{field}` 上升，而客户价值没有反映它",
    "let `value.customer` fall with the cost, for instance with a comparison or a saving",
    "请让 `value.customer` 反映成本，例如使用对比或节省金额")
NO_OPT_OUT = _error(311,
    "a pack with `use: profile` attributes must say when a customer has opted out",
    "含有 `use: profile` 属性的规则包必须说明客户何时已拒绝个性化",
    "add `personalization: {{opted_out: consent.personalization_opt_out}}` to `pack.yaml`",
    "请在 `pack.yaml` 中加入 `personalization: {{opted_out: consent.personalization_opt_out}}`")
BAD_ZONE = _error(312,
    "`{zone}` is no time zone", "`{zone}` 不是时区名",
    "write a name such as `Asia/Shanghai`", "请写 `Asia/Shanghai` 这样的名称")
QUOTE_TOO_EARLY = _error(313,
    "`{name}` is not known yet at this stage", "`{name}` 在这一阶段尚不存在",
    "quote fields can be read by `suitability`, `value`, `propensity`, scripts and compliance rules",
    "报价字段只能在 `suitability`、`value`、`propensity`、话术和合规规则中读取")
NOT_SET_HERE = _error(314,
    "`{name}` has no value here", "`{name}` 在此处没有取值",
    "`quote.` belongs to offers with such a quote, a record's name to its own offer, `offer.` to rules about one offer",
    "`quote.` 只属于有该报价的产品，记录名只属于其产品，`offer.` 只属于针对单个产品的规则")
KEY_NOT_FOR_KIND = _error(315,
    "`{key}` does not belong to a rule of kind `{kind}`", "`{key}` 不适用于 `{kind}` 类规则",
    "remove it, or correct `kind`; this kind takes {known}", "请删除它，或更正 `kind`；此类规则可用 {known}")
SCRIPT_UNUSED = _warning(316,
    "no offer uses the script `{name}`", "没有产品使用话术 `{name}`",
    "name it in an offer, `script: {name}`, or remove it", "请在产品中写 `script: {name}`，或删除它")
RULE_PASSES_BY = _warning(317,
    "no {kind} of this pack is called `{name}`, so the rule passes it by",
    "此规则包没有名为 `{name}` 的{kind}，规则对它不起作用",
    "did you mean `{suggestion}`?", "是否想写 `{suggestion}`？")
ASKS_NOTHING = _error(318,
    "the rule asks for nothing", "该规则没有提出任何要求",
    "give it {keys}", "请写上 {keys}")

TABLE_HEADING = _error(320,
    "`{name}` heads no input and no output of the table", "`{name}` 既不是该决策表的输入，也不是输出",
    "an input is headed by what it asks, such as `customer.age`, a note by `#`; the outputs are {known}",
    "输入列以所问的内容为表头（如 `customer.age`），备注列以 `#` 开头；输出有 {known}")
OUTPUT_WITHOUT_COLUMN = _error(321,
    "no column of `{file}` is headed `{name}`", "`{file}` 没有以 `{name}` 为表头的列",
    "head a column with the name of the output; the file has {known}", "请用输出的名称作为一列的表头；文件中有 {known}")
ROW_LENGTH = _error(322,
    "this row has {count} cells, the heading has {expected}", "该行有 {count} 个单元格，表头有 {expected} 个",
    "write `-` where a row asks nothing, and quotes around a cell with a comma in it: `\"A, B\"`",
    "不作要求处写 `-`；含英文逗号的单元格要加引号：`\"A, B\"`")
EMPTY_CELL = _error(323,
    "this cell is empty", "该单元格为空",
    "write `-` where any value will do, or where a row gives no value", "任意取值均可、或该行不给出结果时，请写 `-`")
CELL_FORM = _error(324,
    "`{cell}` is no test of {type}", "`{cell}` 不能用来判断{type}",
    "write {forms}", "请写成 {forms}")
ROWS_OVERLAP = _error(325,
    "row {second} and row {first} can both match, for instance {example}",
    "第 {second} 行与第 {first} 行可能同时匹配，例如 {example}",
    "`hit: unique` allows one row a customer: narrow one of the two, or let the upper one answer with `hit: first`",
    "`hit: unique` 要求每位客户只匹配一行：请收窄其中一行，或改用 `hit: first` 由上面的行决定")
ROWS_DISAGREE = _error(326,
    "row {second} and row {first} can both match and give different answers, for instance {example}",
    "第 {second} 行与第 {first} 行可能同时匹配而结果不同，例如 {example}",
    "`hit: any` needs rows that match together to agree: correct one, or let the upper one answer with `hit: first`",
    "`hit: any` 要求同时匹配的行结果一致：请更正其中一行，或改用 `hit: first` 由上面的行决定")
TABLE_GAP = _warning(327,
    "no row matches, for instance, {example}", "没有匹配的行，例如 {example}",
    "add a row for {conditions}, or say what holds otherwise with `default`",
    "请为 {conditions} 增加一行，或用 `default` 写明其余情况")
ROW_NEVER_ANSWERS = _warning(328,
    "row {row} never answers: the rows above it take everything that it takes",
    "第 {row} 行永远不会生效：上面的行已包含它的全部情况",
    "move it up, narrow the rows above it, or remove it", "请把它上移、收窄上面的行，或删除它")
COLUMN_TYPE = _error(329,
    "a column of a table cannot ask for {type}", "决策表的列不能判断{type}",
    "head it with something that has plain values: `date_of(…)`, `time_of(…)`, `count(…)`",
    "表头请用有普通取值的内容：`date_of(…)`、`time_of(…)`、`count(…)`")
TABLE_TOO_LARGE = _error(350,
    "the table has too many columns and limits to tell whether rows meet and where none matches",
    "决策表的列和界限太多，无法判断各行是否重叠、是否有遗漏",
    "split it, or write a last row of `-` alone with `hit: first`", "请拆分，或用 `hit: first` 并在最后写一行全为 `-` 的内容")
PRIORITY_NEEDS_VALUES = _error(351,
    "`hit: priority` needs an output whose `values` say which comes first", "`hit: priority` 需要一个用 `values` 排出先后的输出",
    "give an output `type: enum`, its values in order, the one that wins first",
    "请给一个输出写 `type: enum`，并把 `values` 按优先顺序排列")

SERVES_NOT_EVERYBODY = _error(360,
    "the last way to serve has a `when`, so customers for whom none is true are left without",
    "最后一种服务方式带有 `when`，条件都不成立的客户将无人服务",
    "add one without `when` at the end", "请在最后加上一种没有 `when` 的方式")
SERVE_NEVER_REACHED = _error(361,
    "this way to serve is for everybody, so what follows it is never reached",
    "这种服务方式适用于所有客户，其后的方式永远不会生效",
    "give it a `when`, or move it to the end", "请给它加上 `when`，或移到最后")

EVENT_SETS_ELSEWHERE = _error(370,
    "an event sets attributes of the call, and `{name}` is none", "事件只能设置通话属性，`{name}` 不是通话属性",
    "what is known of the customer comes with the profile; name an attribute of `call.`",
    "客户的情况由客户资料给出；请写 `call.` 下的属性")
EVENT_SETS_KEPT = _error(371,
    "`{name}` is kept by the session itself, so no event may set it", "`{name}` 由通话会话自行维护，事件不能设置它",
    "remove it: it follows from the standard events", "请删除它：它由标准事件得出")
EVENT_FIELD_CHANGED = _error(372,
    "the standard field `{name}` of `{event}` is {type}, and can only be narrowed",
    "`{event}` 的标准字段 `{name}` 是{type}，只能收窄",
    "keep its type and narrow its values, or give your field another name", "请保留其类型、只收窄取值，或给您的字段换一个名称")

MOMENT_WITHOUT_EFFECT = _error(380,
    "nothing follows from the moment `{id}`", "时机 `{id}` 不会产生任何结果",
    "add `needs: [...]`, `window: open`, `window: close` or `selling: \"off\"`",
    "请写上 `needs: [...]`、`window: open`、`window: close` 或 `selling: \"off\"`")
MOMENT_BOTH_WAYS = _error(381,
    "the moment `{id}` helps an offer and stops it", "时机 `{id}` 既促成推介又制止推介",
    "write two moments: what is not known counts against an offer, which is the opposite in the two",
    "请写成两个时机：未知的情况一律不利于推介，在两者中含义正好相反")
MOMENT_TOO_LARGE = _error(382,
    "{count} are more than {limit} {what}", "{count} 超过了上限 {limit} {what}",
    "split it, or leave out what is not needed", "请拆分，或去掉不需要的部分")
NO_NEEDS_KNOWN = _error(383,
    "a moment finds needs, but the dictionary has no set `{name}` with its values",
    "时机会得出需求，但数据字典中没有列出取值的集合 `{name}`",
    "add it to dictionary.yaml, `need_tags: {{type: set, of: enum, values: [travel, cash]}}`",
    "请在 dictionary.yaml 中添加，例如 `need_tags: {{type: set, of: enum, values: [travel, cash]}}`")

# --- the pack's own tests ---------------------------------------------------------------------------------------------

EXPECTS_NOTHING = _error(330,
    "the case expects nothing, so it proves nothing", "该用例没有写任何预期，不能证明什么",
    "add what must come of it, for instance `winner: none`", "请写上预期结果，例如 `winner: none`")
PERSONA_IN_CIRCLE = _error(331,
    "`{name}` inherits from itself: {circle}", "`{name}` 的继承出现循环：{circle}",
    "take one of them out of the `inherits` of the other", "请从其中一个的 `inherits` 里去掉另一个")
TOO_MUCH_INHERITED = _error(332,
    "`{name}` inherits from more than {limit} personas", "`{name}` 继承的客户画像超过 {limit} 个",
    "let it inherit from fewer, and write its own values", "请减少继承，直接写出取值")
PERSONA_UNUSED = _warning(333,
    "no case and no other persona uses the persona `{name}`", "没有用例或其他客户画像使用 `{name}`",
    "name it in a case, `persona: {name}`, or remove it", "请在用例中写 `persona: {name}`，或删除它")
BAD_TEST_DATA = _error(334,
    "the test would run with other data than it says: {problem}", "测试所用的数据与所写的不同：{problem}",
    "correct the value; if bad data is what the case is about, let the case expect it: `warnings: {{ {attribute}: {code} }}`",
    "请更正取值；如果用例要测试的正是错误数据，请在用例中写上预期：`warnings: {{ {attribute}: {code} }}`")
NOT_IN_THE_QUOTE = _error(335,
    "the quote of {offer} has no `{field}`", "{offer} 的报价没有 `{field}`",
    "it has: {known}", "可用：{known}")
STOPS_NOBODY_THERE = _error(336,
    "at `{stage}` nothing that could stop {offer} reads `{name}` or is called so",
    "在 `{stage}` 阶段，没有会拦下 {offer} 的条件读取 `{name}` 或叫这个名称",
    "known there: {known}", "该阶段可用：{known}")
CANNOT_BOTH_HOLD = _error(337,
    "`{key}` and `{other}` cannot both hold", "`{key}` 与 `{other}` 不可能同时成立",
    "remove or correct one of the two", "请删除或更正其中一个")

# --- quotes -----------------------------------------------------------------------------------------------------------

RECOMMENDED_TERM = _error(401,
    "exactly one of several terms must be `recommended: true`, not {count}",
    "多个期数中必须恰有一个 `recommended: true`，现有 {count} 个",
    "mark the one that is quoted first", "请标记首先报出的那一个")
DUPLICATE_TERM = _error(402,
    "the term of {periods} periods appears twice", "{periods} 期重复出现",
    "keep one of the two", "请只保留一个")
RATE_OUT_OF_RANGE = _error(403,
    "{rate} a period is not between 0% and {limit}", "每期 {rate} 不在 0% 至 {limit} 之间",
    "write the rate of one period, not of a year, as `0.60%` or `0.0060`",
    "请写每期费率（不是年化），写作 `0.60%` 或 `0.0060`")
MONEY_UNBOUNDED = _error(404,
    "the script says {field}, so it needs a largest value", "话术中念出 {field}，因此需要最大值",
    "add `max` to the attribute that it is taken from", "请给其来源属性加上 `max`")
SETTLEMENT_SHARE_NEEDED = _error(405,
    "a settlement by `share_of_principal` needs its share", "按 `share_of_principal` 结清需要写明比例",
    "add `settlement_share: 3%`, the part of the remaining principal", "请添加 `settlement_share: 3%`，即占剩余本金的比例")
SETTLEMENT_SHARE_IDLE = _error(406,
    "`settlement_share` means nothing with `settlement: {rule}`", "`settlement: {rule}` 用不到 `settlement_share`",
    "leave it out, or write `settlement: share_of_principal`", "请删去，或写 `settlement: share_of_principal`")
LIMIT_NEEDS = _error(420,
    "a {purpose} limit needs {key}", "{purpose}额度需要 {key}",
    "a temporary limit is raised by `raise` for `days`; a safe one has `bounds`, or a `ceiling` that the customer names",
    "临时额度要有 `raise` 和 `days`；安全额度要有 `bounds`，或客户自己要求的 `ceiling`")
LIMIT_HAS_NO = _error(421,
    "a {purpose} limit has no `{key}`", "{purpose}额度没有 `{key}`",
    "remove it, or write `purpose: temporary`", "请删除，或改为 `purpose: temporary`")
NO_CONSENT_FIELD = _error(430,
    "the records of `{name}` have no `{field}` ({kind})", "`{name}` 的记录中没有 `{field}`（{kind}）",
    "a lead rests on consent: its records say `purpose`, `recipient`, `fields`, `granted_at` and `withdrawn_at`",
    "转介须以同意为前提：授权记录应有 `purpose`、`recipient`、`fields`、`granted_at` 和 `withdrawn_at`")
RECIPIENT_RENAMED = _error(431,
    "the recipient `{id}` has another name in another offer", "接收方 `{id}` 在另一个产品中的名称不同",
    "a customer agrees to one recipient by one name; write the same `label`",
    "客户只同意一个名称明确的接收方；请写相同的 `label`")

# packages

COMPONENT_WORTHLESS = _warning(410,
    "`{id}` costs {price} and is worth {value}, so alone it saves nothing", "`{id}` 价格 {price}，标价 {value}，单独选择并不省钱",
    "correct the price or the list value; as it is, it is suggested only where another component needs it",
    "请更正价格或标价；目前只有其他项目必须搭配它时才会推荐")
COMPONENT_AT_A_LOSS = _warning(411,
    "`{id}` costs the bank {cost} and is sold at {price}", "`{id}` 的采购成本为 {cost}，售价却只有 {price}",
    "correct the price or the unit cost", "请更正价格或采购成本")
VALUE_FROM_THE_FUTURE = _warning(412,
    "the list value of `{id}` was looked up on {date}, which is still to come, so the component is not available",
    "`{id}` 的标价核对日期 {date} 尚未到来，该项目不可选",
    "write the day on which somebody looked it up", "请写实际核对标价的日期")
VALUE_OUTDATED = _warning(413,
    "the list value of `{id}` is {age} days old, more than {limit}, so the component is not available",
    "`{id}` 的标价核对于 {age} 天前，超过 {limit} 天，该项目不可选",
    "look it up again, and write the day ({date} now)", "请重新核对标价并更新日期（现为 {date}）")
NEVER_CHOSEN = _error(414,
    "`{id}` can never be chosen: what it needs excludes each other ({pair})",
    "`{id}` 永远无法选择：它所需的项目互相排斥（{pair}）",
    "remove one of the rules", "请删除其中一条规则")
NEED_EACH_OTHER = _warning(415,
    "`{id}` and {others} need each other, so they can only be bought together", "`{id}` 与 {others} 互为前提，只能一起购买",
    "make one component of them, or let a customer choose one alone; buying both may not be forced",
    "请合并为一个项目，或允许客户单独选择；不得强制一并购买")
TOO_MANY_COMPONENTS = _error(416,
    "{count} components are more than {limit}", "{count} 个服务项目超过了 {limit} 个",
    "the best set is proven among at most {limit}; make several packages",
    "最优组合最多在 {limit} 个项目中计算；请拆分为多个套餐")
PACKAGE_WORTHLESS = _error(417,
    "no component is worth more than it costs, so no package of them can be offered",
    "没有一个项目的标价高于价格，无法组成可推荐的套餐",
    "a package must be worth more than its price; correct the prices or the list values",
    "套餐的价值必须高于价格；请更正价格或标价")

# contact policy and volume

SUPPRESSES_ONE_WAY = _error(450,
    "a contact rule has one of `suppress_when`, `suppress_after` and `pause_when`; `suppress_for` goes with the second",
    "触达规则写 `suppress_when`、`suppress_after`、`pause_when` 之一；`suppress_for` 只与 `suppress_after` 一起写",
    "write a condition as `suppress_when: …`, or how often is too often as `suppress_after: {{times: 2, of: decline}}`",
    "条件写作 `suppress_when: …`；次数上限写作 `suppress_after: {{times: 2, of: decline}}`")
HISTORY_FIELD_NEEDED = _error(451,
    "this counts by `{field}`, and the records of `history` have no such field ({type})",
    "此处按 `{field}` 计数，而 `history` 的记录没有该字段（{type}）",
    "add the field to `history` in the dictionary, or count by something else",
    "请在数据字典的 `history` 中添加该字段，或换一种计数方式")
SUPPRESSED_TOO_LONG = _error(452,
    "`suppress_for` goes further back than `within`, where nothing is counted any more",
    "`suppress_for` 超出了 `within` 的范围，更早的记录不再计数",
    "write a longer `within`, such as `{{days: 90}}`; leave it out to count the whole history; a calendar's day, week or month "
    "ends by itself and takes no `suppress_for`",
    "请写更长的 `within`，例如 `{{days: 90}}`；省略则计入全部历史；自然日、周、月到期自动结束，不与 `suppress_for` 同用")

CAP_OF_WHAT = _error(453,
    "a cap names the `offers` that share it, or their `families`, and not both",
    "上限写共用它的 `offers` 或 `families`，二者只写其一",
    "write `offers: [gold, platinum]` or `families: [card_upgrade]`; `families: all` caps everything",
    "请写 `offers: [gold, platinum]` 或 `families: [card_upgrade]`；`families: all` 表示全部产品")

PAUSED_BY_ONE = _error(454,
    "a pause is by one figure: `csat_below`, `cancellation_above` or `complaints_above`",
    "暂停只看一个指标：`csat_below`、`cancellation_above` 或 `complaints_above`",
    "write a rule for each figure, so that each has its reason and says of how many at least",
    "请为每个指标各写一条规则，各有原因和最少样本数")

# --- scripts and compliance -------------------------------------------------------------------------------------------

UNKNOWN_PLACEHOLDER = _error(501,
    "unknown placeholder `{name}`", "未知的占位符 `{name}`",
    "name an attribute of the dictionary, or a field of the quote", "请写数据字典中的属性，或报价的字段")
UNKNOWN_FORMAT = _error(502,
    "`{format}` does not format {type}", "`{format}` 不能用于{type}",
    "formats for it: {known}", "可用格式：{known}")
PLACEHOLDER_FORM = _error(503,
    "this placeholder is not closed or not a name", "占位符没有闭合，或不是名称",
    "write `{{{{ quote.payment }}}}`", "请写成 `{{{{ quote.payment }}}}`")
LANGUAGE_MISSING = _error(504,
    "the text in `{language}` is missing", "缺少 `{language}` 文本",
    "add `{language}: …`; `languages` in `pack.yaml` says which are needed",
    "请加上 `{language}: …`；所需语言见 `pack.yaml` 的 `languages`")
FORBIDDEN_WORDING = _error(505,
    "`{term}` must not be said{customer} ({rule}, {citation})", "不得出现“{term}”{customer}（{rule}，{citation}）",
    "say it in other words; where the wording is right, the rule's `except` can name the phrase",
    "请换一种说法；确属正当的措辞可列入该规则的 `except`")
SLOT_NOT_FILLED = _error(506,
    "`{slot}` can be left unsaid in `{language}`{customer} ({rule}, {citation})",
    "`{language}` 话术可能漏说 `{slot}`{customer}（{rule}，{citation}）",
    "let a segment without `when` say it: `says: [{slot}]`", "请让一个没有 `when` 的段落说出它：`says: [{slot}]`")
SLOT_NOT_WORDED = _error(507,
    "this does not word `{slot}` as {rule} accepts it in `{language}`",
    "该段没有按 {rule} 认可的措辞说出 `{slot}`（`{language}`）",
    "use one of: {phrases}", "请使用以下措辞之一：{phrases}")
FIELD_NOT_SAID = _error(508,
    "`{field}` can be left unsaid in `{language}`{customer} ({rule}, {citation})",
    "`{language}` 话术可能没有念出 `{field}`{customer}（{rule}，{citation}）",
    "say `{{{{ {field} }}}}` in a segment that is always on", "请在始终启用的段落中念出 `{{{{ {field} }}}}`")
PHRASE_NOT_SAID = _error(509,
    "a phrase that {rule} asks for can be left unsaid in `{language}`{customer} ({citation})",
    "`{language}` 话术可能没有说出 {rule} 要求的措辞{customer}（{citation}）",
    "say one of these in a segment that is always on: {phrases}", "请在始终启用的段落中说出以下措辞之一：{phrases}")
TALKS_TOO_LONG = _error(510,
    "{stages} can take {seconds} s in `{language}`{customer}, more than {limit} s ({rule})",
    "`{language}` 话术的 {stages} 最长可达 {seconds} 秒{customer}，超过 {limit} 秒（{rule}）",
    "shorten it; the worst case fills every placeholder with its longest value",
    "请缩短；最长时长按占位符的最长取值计算")
LITERAL_NUMBER = _error(511,
    "the number `{number}` is written out where a price is said ({rule})", "报价话术里直接写了数字“{number}”（{rule}）",
    "use a placeholder such as `{{{{ quote.payment }}}}`", "请使用 `{{{{ quote.payment }}}}` 这样的占位符")
PERSONAL_DATA = _error(512,
    "a text holds personal data ({kind})", "文本中含有个人信息（{kind}）",
    "remove it; card, identity and telephone numbers and e-mail addresses are never said",
    "请删除；卡号、证件号、电话号码和电子邮箱一律不得说出")
TEXT_UNBOUNDED = _error(513,
    "the script says `{name}`, so it needs `{key}`", "话术中念出 `{name}`，因此需要 `{key}`",
    "add `{key}` to the attribute in the dictionary", "请在数据字典中为该属性添加 `{key}`")
NOT_SAYABLE = _error(514,
    "`{name}` is {type}, which cannot be said", "`{name}` 的类型是{type}，不能念出来",
    "let the `when` of a segment ask for it instead", "请改用段落的 `when` 来判断它")
SLOT_UNKNOWN = _warning(515,
    "no compliance rule asks for the slot `{slot}`", "没有合规规则要求 `{slot}`",
    "known slots: {known}", "可用：{known}")
WORDING_TWICE = _warning(530,
    "`{wording}` is listed already, as `{other}` on line {line}", "“{wording}”已列出，即第 {line} 行的“{other}”",
    "remove one of the two; other writings of a wording are found without being listed",
    "请删除其中一个；同一措辞的其他写法无需列出")
TERM_NEVER_FOUND = _warning(531,
    "`{term}` can never be found: the exception `{phrase}` covers it wherever it stands",
    "“{term}”永远不会被找到：例外“{phrase}”总是覆盖它",
    "make the exception longer, or remove one of the two", "请把例外写得更长，或删除其中一个")
EXCEPTION_WITHOUT_TERM = _warning(532,
    "no term of this rule lies inside the exception `{phrase}`, so it excepts nothing",
    "例外“{phrase}”中没有本规则的任何禁用词，因此不起作用",
    "write the exception with the whole term in it, or remove it", "例外应完整包含一个禁用词，否则请删除")

TOO_MANY_TRIES = _error(533,
    "the answer may be tried {tries} times, the pack allows {most}", "该应答允许 {tries} 次，规则包最多允许 {most} 次",
    "lower `tries`, or raise `most_tries` in pack.yaml", "请降低 `tries`，或提高 pack.yaml 的 `most_tries`")

# --- lints ------------------------------------------------------------------------------------------------------------
# A warning is certain to have no effect, or not the one that was meant; a note may be meant.

CANNOT_HOLD_TOGETHER = _warning(601,
    "`{clause}` can never hold together with {others}, so {consequence}",
    "`{clause}` 不可能与 {others} 同时成立，因此{consequence}",
    "no value satisfies them all, whatever the customer is; correct one of them", "没有任何取值同时满足它们；请更正其中之一")
SEGMENT_EMPTY = _warning(602,
    "no customer can be in the segment `{name}`: its clauses rule each other out", "没有客户能属于客群 `{name}`：其条件互相矛盾",
    "correct one of its clauses", "请更正其中一条条件")
ALREADY_DEMANDED = _warning(603,
    "`{clause}` decides nothing: it follows from `{other}` ({place})", "`{clause}` 不起作用：由 `{other}` 已可推出（{place}）",
    "remove the weaker of the two, or correct its limit", "请删除较弱的一条，或更正其界限")
LIMIT_NEVER_REACHED = _warning(604,
    "this limit is never reached: wherever its condition holds, the limit on line {line} holds first",
    "该限额永远用不到：它的条件成立时，第 {line} 行的限额已先成立",
    "the first limit whose condition is true holds; put the narrower condition first, or narrow the other one",
    "取第一个条件成立的限额；请把条件较窄的写在前面，或收窄前一条")
TREATMENT_NEVER_CHOSEN = _warning(605,
    "`{treatment}` is never chosen: `{other}`, which is tried before it, fits whenever it does",
    "`{treatment}` 永远不会被选用：排在前面的 `{other}` 总是先适用",
    "put it first, or give the other one a `when`", "请把它放到前面，或给前一个加上 `when`")
NEVER_SAID = _warning(606,
    "this is never said: `{clause}` cannot hold together with {others}",
    "这段话永远不会说出：`{clause}` 不可能与 {others} 同时成立",
    "correct its `when`, or remove the segment", "请更正 `when`，或删除该段")
SEGMENT_UNUSED = _warning(607,
    "no rule reads the segment `{name}`", "没有规则引用客群 `{name}`",
    "read it as `segment.{name}`, or remove it", "请用 `segment.{name}` 引用它，或删除它")
AUTHORITY_UNUSED = _warning(608,
    "no offer uses the authority `{name}`", "没有产品使用授权 `{name}`",
    "name it in a waiver, `authority: {name}`, or remove it", "请在减免类报价中写 `authority: {name}`，或删除它")
CONCERNS_NO_OFFER = _warning(609,
    "the pack has no offer that `{id}` is about, so it does nothing", "规则包中没有 `{id}` 所针对的产品，它不起作用",
    "its `kinds` are {kinds}, its `families` {families}; correct them, or remove it",
    "它的 `kinds` 是 {kinds}，`families` 是 {families}；请更正，或删除它")
FACTOR_CUT = _warning(610,
    "this gives {factor} = {written}, which is cut to {counted}", "这里得到 {factor} = {written}，会被截为 {counted}",
    "`bounds` keeps {factor} within {low} and {high}; write a number that counts in full, or widen the bounds",
    "`bounds` 把 {factor} 限制在 {low} 至 {high}；请写能完整生效的数，或放宽边界")
WRONG_LANGUAGE = _warning(611,
    "the `{language}` text is written in {actual}: `{text}`", "`{language}` 文本实际是{actual}：`{text}`",
    "translate it; it is shown or said to people who asked for `{language}`", "请翻译；它会展示或念给选择 `{language}` 的人")
RATE_UNIT = _warning(612,
    "`{number}` is {percent} where a rate is compared", "费率比较中的 `{number}` 即 {percent}",
    "in a condition 0.60% is written `0.0060`; where more than 100% is meant, give `{name}` a `max` in the dictionary",
    "条件里 0.60% 写作 `0.0060`；确实可以超过 100% 时，请在数据字典中给 `{name}` 写上 `max`")
PERSON_NAMED = _warning(613,
    "`{name}` is personal data, and is compared with a text that stands in the rules",
    "`{name}` 是个人信息，却与规则里写明的文本比较",
    "a rule file names no person; let the system that sends the data send a flag instead",
    "规则文件不应点名个人；请由数据来源系统改送一个标识")
OPT_OUT_HIDDEN = _warning(614,
    "`{name}` says who has opted out, and `use: profile` hides it from exactly those customers",
    "`{name}` 表示客户是否拒绝个性化，但 `use: profile` 恰好对这些客户隐藏它",
    "write `use: contract` in the dictionary", "请在数据字典中写 `use: contract`")
PERSONAL_PRICE = _warning(615,
    "the price depends on `{name}`, which is `use: profile`", "价格取决于 `{name}`，而它是 `use: profile`",
    "a price never depends on a marketing profile; use an attribute of the contract",
    "价格不得取决于营销画像；请使用合同类属性")
ABSENCE_PERMITS = _note(616,
    "this holds when `{name}` is missing, so an answer that nobody recorded helps the sale",
    "`{name}` 缺失时该条件成立，没有记录的答复反而有利于销售",
    "ask for it plainly, `{name}` or `not {name}`: what is missing then does not help the sale",
    "请直接写 `{name}` 或 `not {name}`：缺失时就不会有利于销售")
TIE = _note(617,
    "`{offer}` and `{other}` always rank alike, so only the ids decide which comes first",
    "`{offer}` 与 `{other}` 的排名总是相同，只按编号决定先后",
    "give the one that should come first a higher `priority`", "请给应当在前的产品更高的 `priority`")
LONE_GROUP = _note(618,
    "`{offer}` is the only offer of the group `{group}`, so the group excludes nothing",
    "组 `{group}` 只有产品 `{offer}`，不会排除任何产品",
    "write the same `exclusive_group` in the offers that exclude each other, or remove it",
    "请在互相排斥的产品中写相同的 `exclusive_group`，或删除它")
STARTS_LATER = _note(619,
    "`{offer}` starts on {start} only", "`{offer}` 要到 {start} 才开始",
    "until then it is left out", "在此之前不会推荐")
ENDS_SOON = _note(620,
    "`{offer}` ends on {through}, in {days} days", "`{offer}` 将于 {through} 结束，还有 {days} 天",
    "extend `valid` in time if it is to go on", "如需继续，请及时延长 `valid`")
NEVER_TESTED = _note(621,
    "no test case of the pack expects an offer of the family `{family}`", "没有测试用例期望推荐产品族 `{family}` 的产品",
    "add a case to `tests/` in which it wins", "请在 `tests/` 中添加一个由它胜出的用例")
SILENCES_NOTHING = _warning(622,
    "there is nothing to ignore: no lint finds {code} in `{file}`", "没有可忽略的内容：`{file}` 中没有 {code}",
    "remove it, so that it hides no later one; only lints (NBO6xx) can be ignored, and `in` is a path inside the pack",
    "请删除它，以免掩盖以后的问题；只能忽略静态检查（NBO6xx），`in` 写规则包内的路径")
MOMENT_NEVER_HAPPENS = _warning(623,
    "the moment `{id}` never happens: every event that fills `{other}` also fills `{role}`, which forbids it",
    "时机 `{id}` 永远不会出现：凡满足 `{other}` 的事件也满足 `{role}`，而它禁止该时机",
    "narrow the role of `none`", "请收窄 `none` 中的角色")
NEED_UNREAD = _warning(624,
    "no condition of the pack asks for the need `{need}` that `{id}` finds", "规则包中没有条件用到 `{id}` 得出的需求 `{need}`",
    "write an offer or a weight that asks for it, `{need} in call.need_tags`, or leave it out",
    "请编写用到它的产品或权重，如 `{need} in call.need_tags`，或去掉它")
MOMENT_UNTESTED = _note(625,
    "no test case of the pack expects the moment `{id}`", "没有测试用例期望出现时机 `{id}`",
    "add a case to `tests/` in whose `events` it happens, with `moments: [{id}]`",
    "请在 `tests/` 中添加一个出现该时机的用例，写上 `events` 和 `moments: [{id}]`")
