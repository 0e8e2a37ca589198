/* Each page is compared with the same slice of a plain sort. */
#include "store/email_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "case.h"
#include "house.h"

enum { DRAFTS = 23, PAGE_MOST = 7 };

static int newest_change_first(const void *a, const void *b)
{
    const struct email *one = a, *other = b;
    if (one->updated_at.ms != other->updated_at.ms)
        return one->updated_at.ms < other->updated_at.ms ? 1 : -1;
    return strcmp(other->id, one->id);
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(((const struct email *)b)->id, ((const struct email *)a)->id);
}

/* ret_drafts has room for DRAFTS. Three have each time, so that the id decides, too. */
static void make_drafts(struct house *house, struct email *ret_drafts)
{
    for (int i = 0; i < DRAFTS; i++) {
        ret_drafts[i] = house_email(house, &house->account);
        house_keep(house, &ret_drafts[i], EVENT_CREATED, NOON + i * 7 % DRAFTS / 3);
    }
    struct account other = house_account(house, &house->bob, "bob@example.com", PROVIDER_SANDBOX);
    struct email not_hers = house_email(house, &other);
    house_keep(house, &not_hers, EVENT_CREATED, NOON);
    house_queued(house, &house->account, NOON);
    qsort(ret_drafts, DRAFTS, sizeof *ret_drafts, newest_change_first);
}

static void assert_slice(const struct list *page, const struct email *sorted, size_t count,
                         size_t offset, size_t limit)
{
    const struct email *items = page->items;
    size_t end = offset + limit < count ? offset + limit : count;
    assert_int_equal(page->count, offset < end ? end - offset : 0);
    for (size_t i = 0; i < page->count; i++) {
        assert_string_equal(items[i].id, sorted[offset + i].id);
        assert_int_equal(items[i].body_bytes, strlen(sorted[offset + i].body_text));
    }
}

static void test_every_page_of_drafts(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email drafts[DRAFTS];
    struct email_page page;
    make_drafts(house, drafts);
    struct session *session = house_reading(house);
    for (size_t offset = 0; offset < DRAFTS + 3; offset++)
        for (size_t limit = 1; limit <= PAGE_MOST; limit++) {
            assert_true(email_list_drafts(session, house->ann.id, offset, limit, house->arena,
                                          &page, &error));
            assert_int_equal(page.count, DRAFTS);
            assert_slice(&page.items, drafts, DRAFTS, offset, limit);
        }
    assert_true(email_list_drafts(session, house->eve.id, 0, 9, house->arena, &page, &error));
    assert_int_equal(page.count + (int64_t)page.items.count, 0);
}

static void test_drafts_after_a_cursor(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email drafts[DRAFTS];
    struct list page;
    make_drafts(house, drafts);
    struct session *session = house_reading(house);
    const struct viewer viewer = house_viewer(&house->ann);
    for (size_t offset = 0; offset <= DRAFTS; offset++) {
        struct email_cursor before = {0};
        if (offset)
            before = (struct email_cursor){drafts[offset - 1].updated_at, drafts[offset - 1].id};
        assert_true(email_list_after(session, &viewer, "draft", NULL, offset ? &before : NULL,
                                     PAGE_MOST, house->arena, &page, &error));
        assert_slice(&page, drafts, DRAFTS, offset, PAGE_MOST);
    }
}

static void test_drafts_of_a_case(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct list page;
    static const char *const TYPES[] = {"case", "invoice", "case"}, *const IDS[] = {"7", "7", "8"};
    struct email drafts[COUNT(TYPES)];
    for (size_t i = 0; i < COUNT(TYPES); i++) {
        drafts[i] = house_email(house, &house->account);
        drafts[i].context_type = TYPES[i];
        drafts[i].context_id = IDS[i];
        house_keep(house, &drafts[i], EVENT_CREATED, NOON);
    }
    const struct viewer viewer = house_viewer(&house->ann);
    assert_true(email_list_after(house_reading(house), &viewer, "draft", "7", NULL, 9, house->arena,
                                 &page, &error));
    assert_slice(&page, drafts, 1, 0, 9);
}

/* Emails in all states, of two users, in three contexts and two mailboxes. */
static const enum email_event LIVES[][4] = {
    {EVENT_COUNT},
    {EVENT_SUBMIT, EVENT_COUNT},
    {EVENT_CANCEL, EVENT_COUNT},
    {EVENT_SEND, EVENT_COUNT},
    {EVENT_SEND, EVENT_CLAIM, EVENT_COUNT},
    {EVENT_SEND, EVENT_CLAIM, EVENT_REFUSED, EVENT_COUNT},
    {EVENT_SEND, EVENT_CLAIM, EVENT_LOST, EVENT_COUNT},
    {EVENT_SEND, EVENT_CLAIM, EVENT_ACCEPTED, EVENT_COUNT},
};
enum { TURNS = 6, EMAILS = COUNT(LIVES) * TURNS };

static void make_emails(struct house *house, struct email *ret_emails)
{
    struct error error = {0};
    static const char *const TYPES[] = {NULL, "case", "invoice"}, *const IDS[] = {NULL, "7", "7"};
    struct account accounts[] = {
        house->account,
        house_account(house, &house->ann, "ann@example.org", PROVIDER_SANDBOX),
        house_account(house, &house->bob, "bob@example.com", PROVIDER_SANDBOX),
    };
    for (size_t i = 0; i < EMAILS; i++) {
        size_t turn = i / COUNT(LIVES);
        struct email *email = &ret_emails[i];
        *email = house_email(house, &accounts[turn % COUNT(accounts)]);
        email->context_type = TYPES[turn / 2];
        email->context_id = IDS[turn / 2];
        house_keep(house, email, EVENT_CREATED, NOON);
        for (const enum email_event *event = LIVES[i % COUNT(LIVES)]; *event != EVENT_COUNT;
             event++)
            assert_true(house_move(house, email, *event, &error));
        struct email received = house_email(house, &accounts[turn % COUNT(accounts)]);
        received.message_id = arena_format(house->arena, "<%zu@x.example>", i);
        received.context_type = email->context_type;
        received.context_id = email->context_id;
        assert_true(house_receive(house, &received, &accounts[turn % COUNT(accounts)], NOON));
    }
    qsort(ret_emails, EMAILS, sizeof *ret_emails, newest_first);
}

static bool fits(const struct email *email, const struct viewer *viewer,
                 const struct email_filter *filter)
{
#define FITS(wanted, text) (!(wanted) || text_equal(wanted, text))
    return FITS(viewer->seen_by, email->user_id) &&
           text_equal(viewer->organization_id, email->organization_id) &&
           FITS(filter->state, EMAIL_STATE_NAMES[email->state]) &&
           FITS(filter->context_type, email->context_type) &&
           FITS(filter->context_id, email->context_id) &&
           FITS(filter->account_id, email->account_id);
#undef FITS
}

static void check_pages(struct house *house, const struct email *emails,
                        const struct viewer *viewer, const struct email_filter *filter)
{
    struct error error = {0};
    struct email fitting[EMAILS];
    struct email_page page;
    size_t count = 0;
    for (size_t i = 0; i < EMAILS; i++)
        if (fits(&emails[i], viewer, filter))
            fitting[count++] = emails[i];
    for (size_t offset = 0; offset < count + 2; offset += 5) {
        assert_true(email_list_page(house_reading(house), viewer, filter, offset, 5, house->arena,
                                    &page, &error));
        assert_int_equal(page.count, count);
        assert_slice(&page.items, fitting, count, offset, 5);
    }
}

static void test_every_filter_for_every_viewer(void **state)
{
    struct house *house = *state;
    struct email emails[EMAILS];
    make_emails(house, emails);
    const struct viewer viewers[] = {
        house_viewer(&house->ann),
        house_viewer(&house->bob),
        house_viewer(&house->eve),
        {.organization_id = house->organization.id},
        {.organization_id = house->other_organization.id},
    };
    const char *const types[] = {NULL, "case", "invoice", "none"}, *const ids[] = {NULL, "7", "8"};
    const char *const accounts[] = {NULL, house->account.id, "none"};
    for (size_t i = 0; i < COUNT(viewers) * COUNT(types) * COUNT(ids) * COUNT(accounts); i++) {
        struct email_filter filter = {
            .context_type = types[i / COUNT(viewers) % COUNT(types)],
            .context_id = ids[i / COUNT(viewers) / COUNT(types) % COUNT(ids)],
            .account_id = accounts[i / COUNT(viewers) / COUNT(types) / COUNT(ids)],
        };
        check_pages(house, emails, &viewers[i % COUNT(viewers)], &filter);
        for (size_t state_now = 0; state_now < EMAIL_RECEIVED; state_now++) {
            filter.state = EMAIL_STATE_NAMES[state_now];
            check_pages(house, emails, &viewers[i % COUNT(viewers)], &filter);
        }
    }
}

/* P10: what a page holds in memory does not depend on what is stored. */
static void test_large_bodies_stay_behind(void **state)
{
    enum { BODY = EMAIL_LIST_BODY_BYTES / 2 + 1 };
    struct house *house = *state;
    struct error error = {0};
    struct list page;
    char *body = arena_alloc(house->arena, BODY + 1);
    memset(body, 'x', BODY);
    for (int i = 0; i < 4; i++) {
        struct email email = house_email(house, &house->account);
        email.body_text = body;
        house_keep(house, &email, EVENT_CREATED, NOON + i);
    }
    const struct viewer viewer = house_viewer(&house->ann);
    assert_true(email_list_after(house_reading(house), &viewer, "draft", NULL, NULL, 9,
                                 house->arena, &page, &error));
    const struct email *items = page.items;
    assert_int_equal(page.count, 4);
    for (size_t i = 0; i < page.count; i++) {
        struct email whole;
        bool is_there;
        assert_int_equal(items[i].is_truncated, i >= 2);
        assert_true(email_list_load(house_reading(house), &items[i], true, house->arena, &whole,
                                    &is_there, &error));
        assert_true(is_there);
        assert_int_equal(whole.is_truncated, i >= 2);
        assert_int_equal(!whole.body_text, i >= 2);
    }
}

static void test_a_mail_of_a_list_is_read_alone(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email draft = house_email(house, &house->account), read;
    draft.body_html = "<p>\u00e4</p>";
    bool is_there;
    house_keep(house, &draft, EVENT_CREATED, NOON);
    const struct email listed = {.id = draft.id, .body_bytes = 1};
    for (int with_bodies = 0; with_bodies < 2; with_bodies++) {
        assert_true(email_list_load(house_reading(house), &listed, with_bodies, house->arena, &read,
                                    &is_there, &error));
        assert_true(is_there);
        assert_string_equal(read.subject, draft.subject);
        assert_int_equal(read.body_bytes, strlen(draft.body_text) + strlen(draft.body_html));
        assert_int_equal(read.body_text != NULL, with_bodies);
        assert_int_equal(read.body_html != NULL, with_bodies);
        assert_false(read.is_truncated);
    }
    assert_true(email_list_load(house_reading(house), &(struct email){.id = "gone"}, true,
                                house->arena, &read, &is_there, &error));
    assert_false(is_there);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_every_page_of_drafts),     IN_A_HOUSE(test_drafts_after_a_cursor),
        IN_A_HOUSE(test_drafts_of_a_case),         IN_A_HOUSE(test_every_filter_for_every_viewer),
        IN_A_HOUSE(test_large_bodies_stay_behind), IN_A_HOUSE(test_a_mail_of_a_list_is_read_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
