/* handlers.h - what the routes run: one file per resource of each family; inside this room. */
#pragma once
#include "api/request.h"

handler outbound_draft_create, outbound_draft_list, outbound_draft_show, outbound_draft_change,
    outbound_draft_remove, outbound_draft_send, outbound_send, signature_show, signature_change;
handler email_draft_save, email_draft_list, email_draft_show, email_draft_change,
    email_draft_remove, email_send, email_record_list, email_record_show, email_record_events,
    email_record_raw, correspondence_raw, email_record_erase;
handler email_submit, email_approve, email_reject, email_cancel, email_retry, email_resolve;
handler messages_send, messages_import, account_list, account_create, account_change,
    account_remove;
handler conversation_list, conversation_show, conversation_change, email_conversation_list,
    email_conversation_show, correspondence_list, correspondence_show, envelope_reply,
    envelope_forward;
handler email_prepare, dynamic_fields_list, context_save, context_show, context_remove;
handler template_list, template_create, template_show, template_change, template_remove;
handler document_create, document_list, document_show, document_remove, document_download,
    messages_upload, messages_download;
handler oauth_start, oauth_return, oauth_complete, sign_in_page;
answerer outbound_draft_answer, email_draft_answer, email_decision_answer, messages_import_answer;
handler send_as_show, send_as_take;
handler event_log, webhook_list, webhook_create, webhook_show, webhook_change, webhook_remove,
    webhook_rotate, webhook_test;
handler token_list, token_create, token_revoke, quota_show;
handler health_live, health_ready, health_metrics, reference_document, reference_docs,
    reference_start;
