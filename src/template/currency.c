#include "template/currency.h"

#include <string.h>

enum { CODE_SIZE = 3 };

/* By their number of decimals. */
static const struct {
    unsigned minor_digits;
    const char *codes;
} CODES[] = {
    {2, "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
        "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
        "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
        "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
        "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR "
        "ZMW ZWG"},
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
};

static const struct {
    const char *code, *symbol;
} SYMBOLS[] = {
    {"AUD", "A$"},  {"BRL", "R$"}, {"CAD", "CA$"}, {"CNY", "CN¥"}, {"EUR", "€"}, {"GBP", "£"},
    {"HKD", "HK$"}, {"ILS", "₪"},  {"INR", "₹"},   {"JPY", "¥"},   {"KRW", "₩"}, {"MXN", "MX$"},
    {"NZD", "NZ$"}, {"PHP", "₱"},  {"TWD", "NT$"}, {"USD", "US$"}, {"VND", "₫"},
};

static bool is_listed(const char *codes, const char *code)
{
    for (; *codes; codes += CODE_SIZE + (codes[CODE_SIZE] == ' '))
        if (memcmp(codes, code, CODE_SIZE) == 0)
            return true;
    return false;
}

static const char *symbol_of(const char *code)
{
    for (size_t i = 0; i < sizeof SYMBOLS / sizeof *SYMBOLS; i++)
        if (memcmp(SYMBOLS[i].code, code, CODE_SIZE) == 0)
            return SYMBOLS[i].symbol;
    return NULL;
}

bool currency_find(const char *code, struct currency *ret_currency)
{
    if (strnlen(code, CODE_SIZE) < CODE_SIZE)
        return false;
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (is_listed(CODES[i].codes, code)) {
            *ret_currency = (struct currency){
                {code[0], code[1], code[2], '\0'}, symbol_of(code), CODES[i].minor_digits};
            return true;
        }
    return false;
}
