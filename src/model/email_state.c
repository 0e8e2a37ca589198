#include "model/email_state.h"

/* clang-format off */
const char *const EMAIL_STATE_NAMES[] = {
    [EMAIL_DRAFT] = "draft",
    [EMAIL_PENDING_APPROVAL] = "pending_approval",
    [EMAIL_QUEUED] = "queued",
    [EMAIL_SENDING] = "sending",
    [EMAIL_SENT] = "sent",
    [EMAIL_FAILED] = "failed",
    [EMAIL_UNKNOWN] = "unknown",
    [EMAIL_CANCELED] = "canceled",
    [EMAIL_RECEIVED] = "received",
    NULL,
};

const char *const EMAIL_EVENT_NAMES[] = {
    EMAIL_EVENT_NAME_LIST
    NULL,
};

static const struct email_move MOVES[] = {
    {EMAIL_DRAFT,            EVENT_SUBMIT,    EMAIL_PENDING_APPROVAL},
    {EMAIL_PENDING_APPROVAL, EVENT_APPROVE,   EMAIL_QUEUED},
    {EMAIL_PENDING_APPROVAL, EVENT_REJECT,    EMAIL_DRAFT},
    {EMAIL_DRAFT,            EVENT_SEND,      EMAIL_QUEUED},
    {EMAIL_DRAFT,            EVENT_DUE,       EMAIL_QUEUED},
    {EMAIL_DRAFT,            EVENT_EXPIRE,    EMAIL_FAILED},
    {EMAIL_QUEUED,           EVENT_CLAIM,     EMAIL_SENDING},
    {EMAIL_QUEUED,           EVENT_SUBMIT,    EMAIL_PENDING_APPROVAL},
    {EMAIL_QUEUED,           EVENT_HELD,      EMAIL_QUEUED},
    {EMAIL_QUEUED,           EVENT_RETRY,     EMAIL_QUEUED},
    {EMAIL_QUEUED,           EVENT_EXPIRE,    EMAIL_FAILED},
    {EMAIL_SENDING,          EVENT_ACCEPTED,  EMAIL_SENT},
    {EMAIL_SENDING,          EVENT_TRY_LATER, EMAIL_QUEUED},
    {EMAIL_SENDING,          EVENT_REFUSED,   EMAIL_FAILED},
    {EMAIL_SENDING,          EVENT_LOST,      EMAIL_UNKNOWN},
    {EMAIL_UNKNOWN,          EVENT_FOUND,     EMAIL_SENT},
    {EMAIL_UNKNOWN,          EVENT_NOT_SENT,  EMAIL_QUEUED},
    {EMAIL_UNKNOWN,          EVENT_RETRY,     EMAIL_QUEUED},
    {EMAIL_UNKNOWN,          EVENT_CANCEL,    EMAIL_CANCELED},
    {EMAIL_FAILED,           EVENT_RETRY,     EMAIL_QUEUED},
    {EMAIL_FAILED,           EVENT_SEND,      EMAIL_QUEUED},
    {EMAIL_FAILED,           EVENT_SUBMIT,    EMAIL_PENDING_APPROVAL},
    {EMAIL_FAILED,           EVENT_REVISE,    EMAIL_DRAFT},
    {EMAIL_DRAFT,            EVENT_CANCEL,    EMAIL_CANCELED},
    {EMAIL_PENDING_APPROVAL, EVENT_CANCEL,    EMAIL_CANCELED},
    {EMAIL_QUEUED,           EVENT_CANCEL,    EMAIL_CANCELED},
    {EMAIL_DRAFT,            EVENT_STOP,      EMAIL_SENT},
    {EMAIL_PENDING_APPROVAL, EVENT_STOP,      EMAIL_SENT},
    {EMAIL_QUEUED,           EVENT_STOP,      EMAIL_SENT},
    {EMAIL_UNKNOWN,          EVENT_STOP,      EMAIL_SENT},
    {EMAIL_SENT,             EVENT_RETRY,     EMAIL_QUEUED},
};
/* clang-format on */
enum { MOVE_COUNT = sizeof MOVES / sizeof *MOVES };

const struct email_move *email_moves(size_t *ret_count)
{
    *ret_count = MOVE_COUNT;
    return MOVES;
}

bool email_next(enum email_state from, enum email_event event, enum email_state *ret_to)
{
    for (size_t i = 0; i < MOVE_COUNT; i++)
        if (MOVES[i].from == from && MOVES[i].event == event) {
            *ret_to = MOVES[i].to;
            return true;
        }
    return false;
}

static bool moves_something(enum email_event event)
{
    for (size_t i = 0; i < MOVE_COUNT; i++)
        if (MOVES[i].event == event)
            return true;
    return false;
}

bool email_may_step(enum email_state from, enum email_event event, enum email_state to)
{
    enum email_state there;
    return moves_something(event) ? email_next(from, event, &there) && there == to : from == to;
}

bool email_state_is_final(enum email_state state)
{
    return state == EMAIL_SENT || state == EMAIL_FAILED || state == EMAIL_CANCELED ||
           state == EMAIL_RECEIVED;
}

bool email_state_is_editable(enum email_state state)
{
    return state == EMAIL_DRAFT || state == EMAIL_PENDING_APPROVAL;
}

bool email_state_may_be_revised(enum email_state state)
{
    enum email_state ignored;
    return email_state_is_editable(state) || email_next(state, EVENT_REVISE, &ignored);
}
