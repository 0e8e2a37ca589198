#include "base/text.h"

/* sodium decodes whole texts only; attachments arrive in pieces and do not fit in memory. */

enum { WRONG = 0, PADDING = 100, SPACE = 101 }; /* the others are the value + 1 */

static const unsigned char VALUES[256] = {
    ['A'] = 1,      ['B'] = 2,      ['C'] = 3,      ['D'] = 4,  ['E'] = 5,       ['F'] = 6,
    ['G'] = 7,      ['H'] = 8,      ['I'] = 9,      ['J'] = 10, ['K'] = 11,      ['L'] = 12,
    ['M'] = 13,     ['N'] = 14,     ['O'] = 15,     ['P'] = 16, ['Q'] = 17,      ['R'] = 18,
    ['S'] = 19,     ['T'] = 20,     ['U'] = 21,     ['V'] = 22, ['W'] = 23,      ['X'] = 24,
    ['Y'] = 25,     ['Z'] = 26,     ['a'] = 27,     ['b'] = 28, ['c'] = 29,      ['d'] = 30,
    ['e'] = 31,     ['f'] = 32,     ['g'] = 33,     ['h'] = 34, ['i'] = 35,      ['j'] = 36,
    ['k'] = 37,     ['l'] = 38,     ['m'] = 39,     ['n'] = 40, ['o'] = 41,      ['p'] = 42,
    ['q'] = 43,     ['r'] = 44,     ['s'] = 45,     ['t'] = 46, ['u'] = 47,      ['v'] = 48,
    ['w'] = 49,     ['x'] = 50,     ['y'] = 51,     ['z'] = 52, ['0'] = 53,      ['1'] = 54,
    ['2'] = 55,     ['3'] = 56,     ['4'] = 57,     ['5'] = 58, ['6'] = 59,      ['7'] = 60,
    ['8'] = 61,     ['9'] = 62,     ['+'] = 63,     ['/'] = 64, ['='] = PADDING, [' '] = SPACE,
    ['\t'] = SPACE, ['\r'] = SPACE, ['\n'] = SPACE,
};

/* Sixteen characters are looked at before any is believed: the processor has then more to do at
 * once. */
static size_t read_sixteens(const unsigned char *data, size_t size, unsigned char *out)
{
    size_t done = 0;
    for (; size - done >= 16; done += 16, out += 12) {
        uint32_t values[16], any = 0;
        for (size_t i = 0; i < 16; i++) {
            values[i] = VALUES[data[done + i]] - 1U;
            any |= values[i];
        }
        if (any > 63)
            break;
        for (size_t i = 0; i < 4; i++) {
            const uint32_t *four = values + 4 * i;
            uint32_t bits = four[0] << 18 | four[1] << 12 | four[2] << 6 | four[3];
            out[3 * i] = (unsigned char)(bits >> 16);
            out[3 * i + 1] = (unsigned char)(bits >> 8);
            out[3 * i + 2] = (unsigned char)bits;
        }
    }
    return done;
}

/* Four characters at a time, as long as all four are base64: nearly all of any attachment.
 * Returns how many were read; three bytes of each four. */
static size_t read_fours(const unsigned char *data, size_t size, unsigned char *out)
{
    size_t done = read_sixteens(data, size, out);
    out += done / 4 * 3;
    for (; size - done >= 4; done += 4, out += 3) {
        const unsigned char *at = data + done;
        uint32_t a = VALUES[at[0]] - 1U, b = VALUES[at[1]] - 1U;
        uint32_t c = VALUES[at[2]] - 1U, d = VALUES[at[3]] - 1U;
        if ((a | b | c | d) > 63) /* WRONG wraps around */
            break;
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        out[0] = (unsigned char)(bits >> 16);
        out[1] = (unsigned char)(bits >> 8);
        out[2] = (unsigned char)bits;
    }
    return done;
}

bool base64_read(struct base64_reader *reader, const char *data, size_t size,
                 unsigned char *ret_out, size_t *ret_size)
{
    unsigned char *out = ret_out;
    uint32_t bits = reader->bits;
    unsigned count = reader->count;
    for (size_t i = 0; i < size; i++) {
        if (!count && !reader->padding) {
            size_t done = read_fours((const unsigned char *)data + i, size - i, out);
            i += done;
            out += done / 4 * 3;
            if (i == size)
                break;
        }
        unsigned value = VALUES[(unsigned char)data[i]];
        if (value == SPACE)
            continue;
        if (value == PADDING) {
            if (++reader->padding > 2)
                return false;
            continue;
        }
        if (value == WRONG || reader->padding)
            return false;
        bits = bits << 6 | (value - 1);
        if (++count == 4) {
            *out++ = (unsigned char)(bits >> 16);
            *out++ = (unsigned char)(bits >> 8);
            *out++ = (unsigned char)bits;
            bits = 0;
            count = 0;
        }
    }
    reader->bits = bits;
    reader->count = count;
    *ret_size = (size_t)(out - ret_out);
    return true;
}

bool base64_finish(struct base64_reader *reader, unsigned char *ret_out, size_t *ret_size)
{
    if (reader->count == 1 || (reader->padding && reader->count + reader->padding != 4))
        return false;
    *ret_size = reader->count ? reader->count - 1 : 0;
    if (reader->count == 2)
        ret_out[0] = (unsigned char)(reader->bits >> 4);
    if (reader->count == 3) {
        ret_out[0] = (unsigned char)(reader->bits >> 10);
        ret_out[1] = (unsigned char)(reader->bits >> 2);
    }
    return true;
}
