"""What a session says to the agent, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from nbo.diagnostics.diagnostic import Text

REASONS: Mapping[str, Text] = {
    "ended": Text("the call has ended", "通话已结束"),
    "closed": Text("this session is closed; resume the call from its events", "会话已关闭；请用其事件恢复通话"),
    "complaint": Text("the customer complained, nothing is sold on this call", "客户已投诉，本次通话不做营销"),
    "selling_off": Text("nothing is sold on this call", "本次通话不做营销"),
    "paused": Text("it is not known whether selling is off: {name}", "无法确认是否应停止营销：{name}"),
    "not_verified": Text("the customer's identity is not verified", "尚未核实客户身份"),
    "service_first": Text("what the customer called for is not done yet", "客户来电的问题还没解决"),
    "no_moment": Text("no moment for an offer has come yet", "还没有出现推介的时机"),
    "window_closed": Text("this is no moment for an offer", "现在不是推介的时机"),
    "offer_at_hand": Text("an offer is at hand", "正在介绍一个产品"),
    "booked": Text("something was ordered on this call", "本次通话已下单"),
    "enough_tried": Text("the customer has heard of enough on this call", "本次通话已介绍得够多"),
    "too_late": Text("the time for an offer on this call is over", "本次通话的推介时间已过"),
    "queue": Text("callers are waiting, this call has no pitch", "排队客户较多，本次通话不推介"),
    "queue_unknown": Text("nobody knows how long callers wait", "无法确认排队情况"),
    "unknown_offer": Text("the pack has no offer `{name}`", "规则包中没有产品 `{name}`"),
    "not_offered": Text("`{name}` is not offered to this customer now", "现在不向该客户推介 `{name}`"),
    "answered_before": Text(
        "the customer has said no to `{name}` for this call", "客户在本次通话中已拒绝或暂缓 `{name}`"
    ),
    "not_at_hand": Text("no offer is at hand", "当前没有正在介绍的产品"),
    "other_at_hand": Text("the offer at hand is `{name}`", "当前介绍的产品是 `{name}`"),
    "not_accepted": Text("the customer has not said yes", "客户还没有同意"),
    "already_booked": Text("it is ordered already", "已经下单"),
    "step_before": Text("`{name}` comes first", "请先完成 `{name}`"),
    "unknown_step": Text("the offer has no step `{name}`", "该产品没有步骤 `{name}`"),
    "no_ticket": Text("there is nothing to hand to the second line", "没有需要转二线的事项"),
    "may_not_order": Text("it may not be ordered", "不能下单"),
    "no_choice": Text("it cannot be had so: {name}", "不能这样办理：{name}"),
    "late": Text("the event came late, the call's clock stays", "事件晚到，通话时间不回退"),
    "far_off": Text(
        "the event is a day from the beginning of the call, the call's clock stays",
        "事件时间与通话开始相差过大，通话时间不变",
    ),
    "same_id": Text("another event of this call has the same id", "本次通话已有编号相同而内容不同的事件"),
    "too_many_events": Text("the call has too many events", "本次通话的事件过多"),
}

STEPS: Mapping[str, Text] = {
    "verify_identity": Text("Verify who the customer is.", "请核实客户身份。"),
    "serve": Text("Do what the customer called for.", "请先处理客户的来电问题。"),
    "present": Text("Present the offer: {name}.", "请介绍产品：{name}。"),
    "await_answer": Text("Wait for the customer's answer.", "请等待客户答复。"),
    "answer_objection": Text("Answer the objection.", "请按话术回应异议。"),
    "leave_it": Text("Leave it at that, and thank the customer.", "尊重客户选择，不再推介，感谢客户。"),
    "ask_again": Text("Leave it for now. Ask again from {name}.", "这次先不办。{name} 起可再次联系。"),
    "ask_when": Text("Leave it for now, and ask when to come back to it.", "这次先不办，请询问何时方便再联系。"),
    "push_cost_statement": Text("Push the cost statement to the customer.", "请把综合融资成本明示表发给客户。"),
    "customer_confirms": Text("Let the customer read and confirm the cost statement.", "请客户阅读并确认明示表。"),
    "order": Text("Book the order.", "请下单。"),
    "step": Text("Next step: {name}.", "下一步：{name}。"),
    "stop_selling": Text("Stop selling, serve the customer: {name}.", "停止营销，先服务客户：{name}。"),
    "hand_over": Text("Hand over to {name}.", "请转交：{name}。"),
    "close": Text("Close the call.", "请结束通话。"),
    "nothing": Text("Nothing is left to do.", "没有待办事项。"),
}

STAGES: Mapping[str, Text] = {
    "opening": Text("opening", "开场"),
    "verify": Text("verification", "核身"),
    "service": Text("service", "服务"),
    "need": Text("need", "需求"),
    "offer": Text("offer", "推介"),
    "confirm": Text("confirmation", "确认"),
    "closing": Text("closing", "结束"),
}
