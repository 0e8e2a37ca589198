/* gmail_upload.h - an upload of Google's resumable kind: begun with what is to become of it, then
 * its bytes, from wherever Google has got to; inside this room. */
#pragma once
#include "base/spool.h"
#include "provider/web_mail.h"

struct gmail_upload {
    const char *name;         /* of the call that it is in the end: "drafts.create" */
    const char *url;          /* where it begins; with its query */
    const char *metadata;     /* JSON */
    const char *content_type; /* of the bytes */
    const struct spool *content;
};

enum gmail_upload_end {
    GMAIL_UPLOAD_ENDED,      /* ret_answer is that of the call, or says what is in the way */
    GMAIL_UPLOAD_IMPOSSIBLE, /* Google gave no place to upload to that we would trust */
};
enum gmail_upload_end gmail_upload_run(struct web_mail *mail, const struct gmail_upload *upload,
                                       struct web_answer *ret_answer);
