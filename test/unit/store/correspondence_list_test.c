/* Each page is compared with the same slice of a plain sort. */
#include "store/correspondence_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/email_list.h"

enum { MAILS = 24, PAGE_MOST = 5 };

static void make_sent(struct house *house, struct email *email, int64_t at_ms)
{
    struct error error = {0};
    house_submit(house, email, &house->account, NOON);
    assert_true(house_move(house, email, EVENT_CLAIM, &error));
    email->sent_at = (moment){at_ms};
    assert_true(house_move(house, email, EVENT_ACCEPTED, &error));
}

static void make_received(struct house *house, struct email *email, size_t number, int64_t at_ms)
{
    email->message_id = arena_format(house->arena, "<%zu@x.example>", number);
    email->in_reply_to = number % 2 ? "<some@x.example>" : NULL;
    email->message_date = (moment){at_ms};
    assert_true(house_receive(house, email, &house->account, NOON * 2));
}

static int newest_first(const void *a, const void *b)
{
    const struct email *one = a, *other = b;
    if (one->sent_at.ms != other->sent_at.ms)
        return one->sent_at.ms < other->sent_at.ms ? 1 : -1;
    return strcmp(other->id, one->id);
}

/* ret_mails has room for MAILS; four have each time. */
static void make(struct house *house, struct email *ret_mails)
{
    for (size_t i = 0; i < MAILS; i++) {
        struct email *email = &ret_mails[i];
        int64_t at_ms = NOON + (int64_t)(i * 7 % MAILS / 4) * 1000;
        *email = house_email(house, &house->account);
        email->context_type = i % 3 == 2 ? "invoice" : "case";
        email->context_id = i % 3 ? "7" : "8";
        if (i % 5 < 2)
            make_sent(house, email, at_ms);
        else
            make_received(house, email, i, at_ms);
    }
    qsort(ret_mails, MAILS, sizeof *ret_mails, newest_first);
}

/* What is no correspondence, or not hers. */
static void make_others(struct house *house)
{
    struct error error = {0};
    struct account account = house_account(house, &house->bob, "b@example.com", PROVIDER_SANDBOX);
    struct email not_hers = house_email(house, &account);
    not_hers.message_id = "<1@x.example>";
    assert_true(house_receive(house, &not_hers, &account, NOON));
    house_draft(house, &house->account);
    house_queued(house, &house->account, NOON);
    struct email refused = house_queued(house, &house->account, NOON);
    assert_true(house_move(house, &refused, EVENT_CLAIM, &error));
    assert_true(house_move(house, &refused, EVENT_REFUSED, &error));
}

static bool fits(const struct email *email, const struct correspondence_filter *filter)
{
    bool is_inbound = email->state == EMAIL_RECEIVED;
    bool is_of_case = !filter->case_id || (text_equal(email->context_type, "case") &&
                                           text_equal(email->context_id, filter->case_id));
    return is_of_case &&
           (filter->direction == DIRECTION_ANY ||
            is_inbound == (filter->direction == DIRECTION_INBOUND)) &&
           (!filter->conversation_id ||
            text_equal(email->conversation_id, filter->conversation_id));
}

static void check_pages(struct house *house, const struct email *mails,
                        const struct correspondence_filter *filter)
{
    struct error error = {0};
    struct email fitting[MAILS];
    const struct viewer ann = {house->organization.id, house->ann.id, house->ann.id};
    size_t count = 0;
    for (size_t i = 0; i < MAILS; i++)
        if (fits(&mails[i], filter))
            fitting[count++] = mails[i];
    for (size_t offset = 0; offset <= count; offset++)
        for (size_t limit = 1; limit <= PAGE_MOST; limit++) {
            struct correspondence_cursor before = {0};
            struct list page;
            if (offset)
                before = (struct correspondence_cursor){fitting[offset - 1].sent_at,
                                                        fitting[offset - 1].id};
            assert_true(correspondence_list_after(house_reading(house), &ann, filter, &before,
                                                  limit, house->arena, &page, &error));
            const struct email *items = page.items;
            assert_int_equal(page.count, count - offset < limit ? count - offset : limit);
            for (size_t i = 0; i < page.count; i++) {
                assert_string_equal(items[i].id, fitting[offset + i].id);
                assert_int_equal(items[i].sent_at.ms, fitting[offset + i].sent_at.ms);
                assert_int_equal(items[i].body_bytes, strlen(fitting[offset + i].body_text));
            }
        }
}

static void test_every_page_of_every_filter(void **state)
{
    struct house *house = *state;
    struct email mails[MAILS];
    make(house, mails);
    make_others(house);
    static const char *const CASES[] = {NULL, "7", "8", "9"};
    const char *const conversations[] = {NULL, mails[3].conversation_id, "none"};
    for (enum direction direction = DIRECTION_ANY; direction <= DIRECTION_OUTBOUND; direction++)
        for (size_t i = 0; i < COUNT(CASES) * COUNT(conversations); i++)
            check_pages(house, mails,
                        &(struct correspondence_filter){direction, CASES[i % COUNT(CASES)],
                                                        conversations[i / COUNT(CASES)]});
}

static void test_somebody_elses_conversation(void **state)
{
    struct house *house = *state;
    struct email mails[MAILS];
    make(house, mails);
    const struct user *others[] = {&house->bob, &house->eve};
    const struct correspondence_filter filters[] = {
        {.conversation_id = mails[0].conversation_id}, {.case_id = "7"}, {0}};
    for (size_t i = 0; i < COUNT(others) * COUNT(filters); i++) {
        struct error error = {0};
        struct list page;
        struct viewer viewer = house_viewer(others[i % COUNT(others)]);
        assert_true(correspondence_list_after(
            house_reading(house), &viewer, &filters[i / COUNT(others)],
            &(struct correspondence_cursor){0}, 9, house->arena, &page, &error));
        assert_int_equal(page.count, 0);
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_every_page_of_every_filter),
        IN_A_HOUSE(test_somebody_elses_conversation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
