#include "base/hmac_md5.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

#include "base/text.h"

char *hmac_md5(struct bytes key, struct bytes text, struct arena *arena)
{
    unsigned char code[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!HMAC(EVP_md5(), key.data, (int)key.size, (const unsigned char *)text.data, text.size, code,
              &size))
        abort();
    return text_hex(code, size, arena);
}
