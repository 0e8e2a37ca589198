/* markup.h - follows HTML character by character, as a browser would take it apart, to tell where
 * in it something stands. It builds nothing and refuses nothing. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum markup_place {
    MARKUP_CLOSED,    /* a tag's or attribute's name, a comment, script, style sheet, event
                         handler: what is put in here would be code */
    MARKUP_TEXT,      /* what people read */
    MARKUP_VERBATIM,  /* the same, where line breaks are kept: pre, textarea, title */
    MARKUP_ATTRIBUTE, /* in quotes */
    MARKUP_UNQUOTED,  /* an attribute's value without quotes */
};

enum markup_state {
    MARKUP_DATA,
    MARKUP_TAG_OPEN,
    MARKUP_END_TAG_OPEN,
    MARKUP_DECLARATION,
    MARKUP_COMMENT,
    MARKUP_BOGUS_COMMENT,
    MARKUP_TAG_NAME,
    MARKUP_BEFORE_NAME,
    MARKUP_ATTRIBUTE_NAME,
    MARKUP_AFTER_NAME,
    MARKUP_BEFORE_VALUE,
    MARKUP_VALUE,
    MARKUP_RAW, /* until the end tag of the element */
};

enum markup_use { /* of the attribute at hand */
                  MARKUP_PLAIN,
                  MARKUP_URL,   /* it is followed, or loaded */
                  MARKUP_STYLE, /* CSS declarations */
                  MARKUP_CODE,  /* a script, or HTML again: closed */
};

enum { MARKUP_NAME_BYTES = 16 };

struct markup {
    enum markup_state state;
    char tag[MARKUP_NAME_BYTES + 1], attribute[MARKUP_NAME_BYTES + 1]; /* lower case, cut */
    size_t name_size;
    bool is_end_tag;
    /* The element that we are in, if no <br> may be in it. */
    char verbatim[MARKUP_NAME_BYTES + 1];
    char quote; /* around the value; 0: none */
    enum markup_use use;
    size_t matched; /* how far into the end of a comment, or of a raw element; see markup.c */
    bool is_text;   /* the raw element holds text: title, textarea */
};

/* {0} is the beginning of a text. */
void markup_step(struct markup *markup, char character);

enum markup_place markup_place(const struct markup *markup);

/* Something is put in here that is not markup: what stood open before it is settled. An attribute's
 * value begins without quotes; a "<" that was the last character opens no tag. */
void markup_enter(struct markup *markup);
