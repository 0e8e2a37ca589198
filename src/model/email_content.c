#include "model/email_content.h"

#include "base/sha256.h"

static void add_addresses(struct sha256 *sha, struct list list)
{
    const struct address *addresses = list.items;
    sha256_add_number(sha, (int64_t)list.count);
    for (size_t i = 0; i < list.count; i++) {
        sha256_add_netstring(sha, addresses[i].email);
        sha256_add_netstring(sha, addresses[i].name);
    }
}

static void add_attachments(struct sha256 *sha, struct list list)
{
    const struct attachment *attachments = list.items;
    sha256_add_number(sha, (int64_t)list.count);
    for (size_t i = 0; i < list.count; i++) {
        sha256_add_netstring(sha, attachments[i].sha256);
        sha256_add_netstring(sha, attachments[i].filename);
        sha256_add_netstring(sha, attachments[i].content_type);
        sha256_add_netstring(sha, attachments[i].content_id);
        sha256_add_number(sha, attachments[i].is_inline);
    }
}

const char *email_content_sha256(const struct email *email, struct arena *arena)
{
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add_netstring(&sha, email->account_id);
    sha256_add_netstring(&sha, email->from_email);
    add_addresses(&sha, email->to_recipients);
    add_addresses(&sha, email->cc_recipients);
    add_addresses(&sha, email->bcc_recipients);
    sha256_add_netstring(&sha, email->subject);
    sha256_add_netstring(&sha, email->body_text);
    sha256_add_netstring(&sha, email->body_html);
    add_attachments(&sha, email->attachments);
    sha256_add_netstring(&sha, email->parent_id);
    sha256_add_netstring(&sha, email->in_reply_to);
    sha256_add_netstring(&sha, email->reference_ids);
    sha256_add_number(&sha, email->planned_send_at.ms);
    if (email->signature_html || email->signature_text) {
        sha256_add_netstring(&sha, email->signature_html);
        sha256_add_netstring(&sha, email->signature_text);
    }
    return sha256_finish(&sha, arena);
}
