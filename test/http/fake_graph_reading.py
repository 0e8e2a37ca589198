"""Graph's calls that only look: messages, their MIME, attachments, folders."""
import urllib.parse

import fake_graph_errors as errors
from fake_exchange import Refusal
from fake_graph_box import FOLDERS
from fake_graph_query import NotUnderstood, Query
from fake_wire import Reply, json_reply


class Reading:
    """Half of FakeGraph."""

    def item_of(self, box, call):
        item = box.find(call.arguments["id"])
        if item is None:
            raise refusal("ErrorItemNotFound", "nothing here has this id")
        return item

    def shown(self, call, box, item, status=200):
        query = query_of(call)
        try:
            return json_reply(status, query.shaped(item, self.view(call, box, item)))
        except NotUnderstood as unknown:
            raise refusal(unknown.code, str(unknown)) from None

    @staticmethod
    def view(call, box, item):
        is_immutable = "immutableid" in call.headers.get("prefer", "").lower()
        return item.shown(box.folder_id(item.folder), is_immutable)

    def get_message(self, call):
        box = self.box_for(call)
        try:
            return self.shown(call, box, self.item_of(box, call))
        finally:
            box.look()

    def get_mime(self, call):
        item = self.item_of(self.box_for(call), call)
        content = item.sent.content if item.sent and not item.is_draft else item.compose()
        return Reply(200, content, {"Content-Type": "text/plain"})

    def list_messages(self, call):
        box, query = self.box_for(call), query_of(call)
        folder = call.arguments.get("folder")
        found = self._found(call, box, query, folder and self.folder_of(box, folder))
        page = found[query.skip:query.skip + query.top]
        try:
            value = [query.shaped(item, self.view(call, box, item)) for item in page]
        except NotUnderstood as unknown:
            raise refusal(unknown.code, str(unknown)) from None
        reply = {"value": value}
        if query.skip + query.top < len(found):
            more = {name: values[0] for name, values in call.query.items()}
            more["$skip"] = str(query.skip + query.top)
            reply["@odata.nextLink"] = (f"{self.url}{call.request.path}?"
                                        f"{urllib.parse.urlencode(more, safe='$')}")
        box.look()
        return json_reply(200, reply)

    def _found(self, call, box, query, folder):
        found = [item for item in box.listed(folder)
                 if query.matches(item, self.view(call, box, item))]
        return query.sorted(found, lambda item: self.view(call, box, item))

    def list_attachments(self, call):
        item = self.item_of(self.box_for(call), call)
        return json_reply(200, {"value": [attachment.shown() for attachment in item.attachments]})

    def get_attachment(self, call):
        item = self.item_of(self.box_for(call), call)
        return json_reply(200, self.attachment_of(item, call).shown())

    @staticmethod
    def attachment_of(item, call):
        for attachment in item.attachments:
            if attachment.id == call.arguments["attachment"]:
                return attachment
        raise refusal("ErrorItemNotFound")

    def list_folders(self, call):
        box = self.box_for(call)
        return json_reply(200, {"value": [folder_view(box, folder) for folder in FOLDERS]})

    def get_folder(self, call):
        box = self.box_for(call)
        return json_reply(200, folder_view(box, self.folder_of(box, call.arguments["folder"])))

    @staticmethod
    def folder_of(box, wanted):
        """By its well-known name or its id."""
        for folder in FOLDERS:
            if wanted.lower() == folder or wanted == box.folder_id(folder):
                return folder
        raise refusal("ErrorItemNotFound")


def refusal(code, said=None):
    return Refusal(errors.error(code, said))


def query_of(call):
    try:
        return Query(call.query)
    except NotUnderstood as unknown:
        raise refusal(unknown.code, str(unknown)) from None


def folder_view(box, folder):
    items = box.listed(folder)
    return {"id": box.folder_id(folder), "displayName": FOLDERS[folder],
            "totalItemCount": len(items),
            "unreadItemCount": sum(not item.fields["isRead"] for item in items)}
