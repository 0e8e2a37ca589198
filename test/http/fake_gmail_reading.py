"""Gmail's calls that only look: messages, drafts, history, threads, send-as addresses."""
import re

import fake_gmail_errors as errors
import fake_gmail_views as views
from fake_exchange import Refusal
from fake_grants import GMAIL
from fake_wire import Reply, json_reply

EVERYTHING = "https://mail.google.com/"
HISTORY_TYPES = {"messageAdded": "messagesAdded", "messageDeleted": "messagesDeleted",
                 "labelAdded": "labelsAdded", "labelRemoved": "labelsRemoved"}


class Reading:
    """Half of FakeGmail."""

    def profile(self, call):
        box = self._box_for(call)
        return json_reply(200, {"emailAddress": box.address, "messagesTotal": len(box.messages),
                                "threadsTotal": len({m.thread_id for m in box.messages.values()}),
                                "historyId": str(box.history_id)})

    def get_message(self, call):
        message = message_of(self._box_for(call), call.arguments["id"])
        return json_reply(200, self._show(call, message))

    def _show(self, call, message):
        form = call.request.asks("format", "full")
        if form not in views.FORMATS:
            raise refusal("invalidArgument", f"format: {form}")
        if only_metadata(call) and form in ("full", "raw"):
            raise refusal("insufficientPermissions")
        return views.resource(message, form, call.query.get("metadataHeaders", ()),
                              self.message_id_name)

    def get_attachment(self, call):
        message = message_of(self._box_for(call), call.arguments["id"])
        content = views.attachment(message, call.arguments["attachment"])
        if content is None:
            raise refusal("notFound")
        return json_reply(200, {"size": len(content), "data": views.base64url(content)})

    def list_messages(self, call):
        box = self._box_for(call)
        found = self._found(call, box)
        page, more = paged(call, found)
        messages = {"messages": [views.short(message) for message in page]} if page else {}
        return json_reply(200, {**messages, **more, "resultSizeEstimate": len(found)})

    def _found(self, call, box):
        query, labels = call.request.asks("q", ""), set(call.query.get("labelIds", ()))
        if query and only_metadata(call):
            raise refusal("insufficientPermissions", "q is not to be used with this scope")
        try:
            is_wanted = views.search(query)
        except views.NoSuchOperator as unknown:
            raise refusal("invalidArgument", f"the fake does not search by {unknown}") from None
        box.look()
        return [message for message in box.listed()
                if labels <= set(message.labels) and is_wanted(message)]

    def list_drafts(self, call):
        box = self._box_for(call)
        found = {message.id for message in self._found(call, box)}
        drafts = [draft for draft in reversed(box.drafts.values()) if draft.message.id in found]
        page, more = paged(call, drafts)
        shown = {"drafts": [{"id": draft.id, "message": views.short(draft.message)}
                            for draft in page]} if page else {}
        return json_reply(200, {**shown, **more, "resultSizeEstimate": len(drafts)})

    def get_draft(self, call):
        draft = draft_of(self._box_for(call), call.arguments["id"])
        return json_reply(200, {"id": draft.id, "message": self._show(call, draft.message)})

    def delete_draft(self, call):
        box = self._box_for(call)
        box.remove_draft(draft_of(box, call.arguments["id"]))
        return Reply(204)

    def list_history(self, call):
        box = self._box_for(call)
        start, label = call.request.asks("startHistoryId", ""), call.request.asks("labelId")
        types = [HISTORY_TYPES.get(kind) for kind in call.query.get("historyTypes", ())]
        if not re.fullmatch("[0-9]{1,20}", start) or None in types:
            raise refusal("invalidArgument", "startHistoryId or historyTypes")
        box.look()
        if not box.oldest_history_id <= int(start) <= box.history_id:
            raise refusal("notFound")
        page, more = paged(call, [record(*entry) for entry in box.history
                                  if is_asked(entry, int(start), types, label)])
        history = {"history": page} if page else {}
        return json_reply(200, {**history, **more, "historyId": str(box.history_id)})

    def get_thread(self, call):
        box = self._box_for(call)
        messages = box.thread(call.arguments["id"])
        if not messages:
            raise refusal("notFound")
        return json_reply(200, {"id": call.arguments["id"], "historyId": str(box.history_id),
                                "messages": [self._show(call, message) for message in messages]})

    def list_send_as(self, call):
        return json_reply(200, {"sendAs": send_as(self._box_for(call))})

    def get_send_as(self, call):
        for entry in send_as(self._box_for(call)):
            if entry["sendAsEmail"] == call.arguments["id"].lower():
                return json_reply(200, entry)
        raise refusal("notFound")


def is_asked(entry, start, types, label):
    number, kind, message = entry
    return (number > start and (not types or kind in types) and
            (label is None or label in message.labels))


def record(number, kind, message):
    return {"id": str(number), "messages": [views.short(message)],
            kind: [{"message": views.labelled(message)}]}


def refusal(reason, said=None):
    return Refusal(errors.error(reason, said))


def draft_of(box, draft_id):
    if draft_id not in box.drafts:
        raise refusal("notFound")
    return box.drafts[draft_id]


def message_of(box, message_id):
    if message_id not in box.messages:
        raise refusal("notFound")
    return box.messages[message_id]


def only_metadata(call):
    """Whether the token sees headers alone."""
    return not {GMAIL + "modify", GMAIL + "readonly", GMAIL + "compose", EVERYTHING} & set(
        call.token.scopes)


def paged(call, found):
    size, token = call.request.asks("maxResults", "100"), call.request.asks("pageToken", "p0")
    if not size.isdigit() or not re.fullmatch("p[0-9]{1,9}", token):
        raise refusal("invalidArgument", "maxResults or pageToken")
    start, end = int(token[1:]), int(token[1:]) + min(max(int(size), 1), 500)
    return found[start:end], {"nextPageToken": f"p{end}"} if end < len(found) else {}


def send_as(box):
    shown = [{"sendAsEmail": box.address, "displayName": box.name, "replyToAddress": "",
              "signature": box.signature, "isPrimary": True, "isDefault": True}]
    return shown + [{"sendAsEmail": alias, "displayName": "", "replyToAddress": "",
                     "signature": "", "treatAsAlias": True, "verificationStatus": status}
                    for alias, status in box.aliases.items()]
