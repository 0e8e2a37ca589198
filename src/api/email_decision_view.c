#include "api/spelling.h"
#include "api/views.h"

enum { REASON_BYTES = 998 };

static const char *const RESOLUTION_NAMES[] = {
    [RESOLUTION_UNSET] = "", [RESOLUTION_SENT] = "sent", [RESOLUTION_RESEND] = "resend", NULL};

/* clang-format off */
#define BODY(member, ...) FIELD(struct decision_body, member, .use = CREATE __VA_ARGS__)

static const struct field APPROVAL_FIELDS[] = {
    BODY(content_sha256, | REQUIRED, .max = 64, .spelling = &PLAIN,
         .about = "of the content that is approved, as the record shows it",
         .example = "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""),
    {0},
};
const struct schema EMAIL_APPROVAL = VIEW(struct decision_body, APPROVAL_FIELDS, "Approval");

static const struct field REJECTION_FIELDS[] = {
    BODY(reason, | REQUIRED, .max = REASON_BYTES, .spelling = &ONE_LINE,
         .about = "for its author", .example = "\"The price is out of date\""),
    {0},
};
const struct schema EMAIL_REJECTION = VIEW(struct decision_body, REJECTION_FIELDS, "Rejection");

static const struct field CANCELLATION_FIELDS[] = {
    BODY(reason, , .max = REASON_BYTES, .spelling = &ONE_LINE, .about = "for the trail"),
    {0},
};
const struct schema EMAIL_CANCELLATION =
    VIEW(struct decision_body, CANCELLATION_FIELDS, "Cancellation");

static const struct field RESOLUTION_FIELDS[] = {
    NAME_FIELD(struct decision_body, outcome, RESOLUTION_NAMES, .use = CREATE | REQUIRED,
               .about = "sent: it has gone out; resend: it has not, and is to", .example = "\"sent\""),
    BODY(sent_at, , .max = 64, .spelling = &TO_THE_SECOND, .about = "with sent: when; otherwise now"),
    {0},
};
const struct schema EMAIL_RESOLUTION = VIEW(struct decision_body, RESOLUTION_FIELDS, "Resolution");
/* clang-format on */
