#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "case.h"
#include "html/allowed.h"
#include "html/html.h"
#include "html/tree.h"

static const char *sanitized(const char *html, struct arena *arena)
{
    const char *clean = NULL;
    struct error error;
    if (!html_sanitize(html, arena, &clean, &error))
        fail_msg("%s: %s", html, error.message);
    return clean;
}

static void keeps_what_is_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *html, *clean;
    } ROWS[] = {
        {"", ""},
        {"text & <b>bold</b>", "text &amp; <b>bold</b>"},
        {"<p>a<p>b", "<p>a</p><p>b</p>"},
        {"<A HREF='https://x.example/?a=1&amp;b=2'>x</A>",
         "<a href=\"https://x.example/?a=1&amp;b=2\">x</a>"},
        {"<a href=x title='\"<>'>y</a>", "<a title=\"&quot;&lt;&gt;\">y</a>"},
        {"<img src=cid:a@b alt=x>", "<img src=\"cid:a@b\" alt=\"x\">"},
        {"<img src=https://x.example/pixel alt='a &lt; b'>", "a &lt; b"},
        {"<div style='color:red;position:fixed'>x</div>", "<div style=\"color:red\">x</div>"},
        {"<table border=1><tr><td width='50%' onclick=x>a",
         "<table border=\"1\"><tbody><tr><td width=\"50%\">a</td></tr></tbody></table>"},
        {"<form action=x><button>a</button><input></form>", "a"},
        {"<custom-tag>a</custom-tag>", "a"},
        {"<html><head><title>t</title></head><body bgcolor=red>a</body></html>", "a"},
        {"<pre>\n\na</pre>", "<pre>\n\na</pre>"},
        {"<br/><hr><wbr>", "<br><hr><wbr>"},
        {"&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"<blockquote type=cite>a</blockquote>", "<blockquote>a</blockquote>"},
        {"שלום <span dir=rtl>日本</span>", "שלום <span dir=\"rtl\">日本</span>"},
        {"<ol start=3 type=a><li value=4>x</ol>",
         "<ol start=\"3\" type=\"a\"><li value=\"4\">x</li></ol>"},
        /* unwrapping would put one paragraph into another */
        {"<p>a<button><p>b</p></button>c</p>", "<p>a</p><p>b</p>c<p></p>"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *clean = sanitized(ROWS[i].html, arena);
        if (!text_equal(clean, ROWS[i].clean))
            fail_msg("%s gave %s", ROWS[i].html, clean);
    }
}

/* clang-format off */
static const char *const ATTACKS[] = {
    /* elements that run, load or cover something */
    "<script>alert(1)</script>", "<SCRIPT SRC=//x></SCRIPT>", "<scr<script>ipt>alert(1)</script>",
    "<script/xss src=//x></script>", "<script\n>alert(1)</script\n>", "<<script>alert(1);//<</script>",
    "<script>alert(1)", "<script src=//x?<b>", "</script><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<iframe/src=//x <", "<frameset onload=alert(1)><frame src=//x></frameset>",
    "<object data=javascript:alert(1)>", "<object type=text/html data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=javascript:alert(1)>", "<applet code=x>", "<param name=src value=//x>",
    "<base href=javascript:alert(1)//>", "<link rel=stylesheet href=//x>", "<link rel=import href=//x>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<meta charset=utf-7>",
    "<meta http-equiv=Set-Cookie content=a=b>", "<video src=//x onerror=alert(1)>",
    "<video><source onerror=alert(1)></video>", "<audio src=//x autoplay>", "<track src=//x>",
    "<bgsound src=//x>", "<layer src=//x></layer>", "<xml src=//x>", "<portal src=//x>",
    "<marquee onstart=alert(1)>x</marquee>", "<dialog open oncancel=alert(1)>x</dialog>",
    "<details open ontoggle=alert(1)>x</details>", "<menu><menuitem onclick=alert(1)></menu>",
    /* event handlers */
    "<img src=x onerror=alert(1)>", "<img src=x:x onerror='alert(1)'>", "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<img src=cid:a onload=alert(1)>", "<b onmouseover=alert(1)>x</b>", "<b/onclick=alert(1)>x</b>",
    "<b \x0Conclick=alert(1)>x</b>", "<b title=\"a\"onclick=alert(1)>x</b>", "<b OnClIcK=alert(1)>x</b>",
    "<body onload=alert(1)>", "<body onpageshow=alert(1)>x", "<p style=color:red onanimationend=alert(1)>",
    "<div onwheel=alert(1) autofocus tabindex=1 onfocus=alert(1)>x</div>", "<input autofocus onfocus=alert(1)>",
    "<img title=`onerror=alert(1)` src=x>", "<a onpointerenter=alert(1)>x</a>",
    /* URLs */
    "<a href=javascript:alert(1)>x</a>", "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>", "<a href='&#x6A;&#x61;vascript:alert(1)'>x</a>",
    "<a href='&#0000106avascript:alert(1)'>x</a>", "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='javascript&#58;alert(1)'>x</a>", "<a href='javascript&#x3A alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>", "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java&Tab;script:alert(1)'>x</a>", "<a href='java&NewLine;script:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>", "<a href='\x01\x02javascript:alert(1)'>x</a>",
    "<a href='java\rscript:alert(1)'>x</a>", "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href='livescript:x'>x</a>", "<a href='feed:javascript:alert(1)'>x</a>", "<a href='view-source:x'>x</a>",
    "<a href='blob:https://x/y'>x</a>", "<a href='file:///etc/passwd'>x</a>", "<a href='//x.example'>x</a>",
    "<a href='\\\\x.example'>x</a>", "<a href='javascript://%0aalert(1)'>x</a>",
    "<a href=\"https://x.example/\" href=\"javascript:alert(1)\">x</a>", "<a href='x' xlink:href='javascript:alert(1)'>x</a>",
    "<a href='https://x.example/' target=_blank rel=opener ping=//y>x</a>",
    "<img src='javascript:alert(1)'>", "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='data:text/html,x'>", "<img src=cid:a srcset='//x 1x'>", "<img lowsrc=//x dynsrc=//x>",
    "<table background=javascript:alert(1)><tr><td background=//x>", "<q cite=javascript:alert(1)>x</q>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex action=javascript:alert(1) type=image>", "<input type=image src=//x formaction=javascript:alert(1)>",
    "<area href=javascript:alert(1)>", "<map name=x><area shape=rect href=javascript:alert(1)></map><img usemap=#x src=cid:a>",
    "<img longdesc=javascript:alert(1) src=cid:a>", "<body background=javascript:alert(1)>",
    /* styles */
    "<p>x</p><style>@import '//x';</style>", "<style>@import '//x';</style>", "<style>body{background:url(javascript:alert(1))}</style>",
    "<p style='background:url(//x)'>", "<p style='width:expression(alert(1))'>", "<p style='xss:expr/*x*/ession(alert(1))'>",
    "<p style='behavior:url(x.htc)'>", "<p style='-moz-binding:url(//x#y)'>", "<p style='background:\\75rl(//x)'>",
    "<p style='color:red;}</style><script>alert(1)</script>'>", "<p style=\"font-family:'\\22onclick=alert(1)'\">",
    "<p style='position:fixed;top:0;left:0;width:100%;height:100%'>", "<p style='margin:-9999px'>",
    "<p style='list-style:url(//x)'>", "<p style='color:&#x72;ed;background&#58;url(//x)'>",
    /* foreign elements, and what a second reading makes of them */
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><script xlink:href=//x />",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>", "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><set attributeName=href to=javascript:alert(1)>", "<svg><use href='data:image/svg+xml,x#y'/></svg>",
    "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>", "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>", "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)></annotation-xml></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<noembed><p title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<noframes><p title='</noframes><img src=x onerror=alert(1)>'></noframes>",
    "<title><p title='</title><img src=x onerror=alert(1)>'></title>", "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>", "<plaintext><img src=x onerror=alert(1)>",
    "<template><img src=x onerror=alert(1)></template>", "<template><script>alert(1)</script></template>",
    "<select><style></select><img src=x onerror=alert(1)></style></select>", "<select><iframe></select><img src=x onerror=alert(1)>",
    "<p id='</p><img src=x onerror=alert(1)>'>", "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<a title='&lt;/a&gt;&lt;script&gt;alert(1)&lt;/script&gt;'>x</a>", "<b title='--><script>alert(1)</script>'>x</b>",
    /* comments, declarations, things without end, other encodings */
    "<!--<img src='--><img src=x onerror=alert(1)//'>", "<!--><script>alert(1)</script>-->", "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<! x><script>alert(1)</script>", "<?xml x?><script>alert(1)</script>", "<?php echo 1 ?>", "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM '//x'>]>&y;", "</ <script>alert(1)</script>", "<img src=x onerror=alert(1)", "<img src='x onerror=alert(1)",
    "<a href='javascript:alert(1)", "<b <script>alert(1)</script>>x</b>", "<img src=x\nonerror=\nalert(1)>", "<img/src=x/onerror=alert(1)>",
    "<\x00script>alert(1)</script>", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "\274script\276alert(1)\274/script\276",
    "<\357\275\223cript>alert(1)</script>", "&lt;img src=x onerror=alert(1)&gt;", "&amp;lt;script&amp;gt;alert(1)",
    "<image src=x onerror=alert(1)>", "<a><a href=javascript:alert(1)>x</a></a>", "<p><svg><p><style><g title='</style><img src=x onerror=alert(1)>'>",
    "<table><td><svg><desc><td><img src=x onerror=alert(1)>", "<b id=location>x</b><a name=cookie>y</a>",
};
/* clang-format on */

static void check_url(const char *name, const char *value)
{
    if (text_equal(name, "href"))
        assert_true(strncasecmp(value, "http://", 7) == 0 ||
                    strncasecmp(value, "https://", 8) == 0 ||
                    strncasecmp(value, "mailto:", 7) == 0);
    if (text_equal(name, "src"))
        assert_true(strncasecmp(value, "cid:", 4) == 0 ||
                    strncasecmp(value, "data:image/", 11) == 0);
}

static void check_attribute(const GumboAttribute *attribute)
{
    static const char *const KNOWN[] = {
        "href",    "src",   "alt",    "title",  "style",       "color",       "size", "face",
        "start",   "type",  "value",  "border", "cellpadding", "cellspacing", "span", "colspan",
        "rowspan", "align", "valign", "width",  "height",      "bgcolor",     "dir",  "lang"};
    static const char *const NEVER_IN_STYLE[] = {"url",    "expression", "\\",      "@",
                                                 "/*",     "position",   "binding", "behavior",
                                                 "import", "<",          "}"};
    bool is_known = false;
    for (size_t i = 0; i < COUNT(KNOWN); i++)
        is_known = is_known || text_equal(attribute->name, KNOWN[i]);
    if (!is_known)
        fail_msg("%s survived", attribute->name);
    check_url(attribute->name, attribute->value);
    for (size_t i = 0; text_equal(attribute->name, "style") && i < COUNT(NEVER_IN_STYLE); i++)
        assert_null(strcasestr(attribute->value, NEVER_IN_STYLE[i]));
}

static void check_tree(const GumboNode *node)
{
    assert_true(node->type != GUMBO_NODE_COMMENT && node->type != GUMBO_NODE_CDATA &&
                node->type != GUMBO_NODE_TEMPLATE);
    if (node->type != GUMBO_NODE_ELEMENT)
        return;
    const GumboElement *element = &node->v.element;
    bool is_frame = element->tag == GUMBO_TAG_HTML || element->tag == GUMBO_TAG_HEAD ||
                    element->tag == GUMBO_TAG_BODY;
    enum verdict verdict = allowed_element(element->tag);
    assert_int_equal(element->tag_namespace, GUMBO_NAMESPACE_HTML);
    if (!is_frame && verdict != KEPT && verdict != KEPT_EMPTY)
        fail_msg("%s survived", gumbo_normalized_tagname(element->tag));
    for (unsigned i = 0; i < element->attributes.length; i++)
        check_attribute(element->attributes.data[i]);
    for (unsigned i = 0; i < element->children.length; i++)
        check_tree(element->children.data[i]);
}

/* Brackets of text are escaped, so each of these would be an element or a declaration. */
static void check_text(const char *clean)
{
    static const char *const NEVER[] = {
        "<script",    "<style",    "<svg",      "<math",     "<iframe",  "<object",
        "<embed",     "<applet",   "<form",     "<input",    "<meta",    "<link",
        "<base",      "<template", "<title",    "<xmp",      "<frame",   "<noscript",
        "<video",     "<audio",    "<select",   "<textarea", "<!",       "<?",
        "<plaintext", "<noembed",  "<noframes", "<button",   "<marquee", "<bgsound",
    };
    for (size_t i = 0; i < COUNT(NEVER); i++)
        assert_null(strcasestr(clean, NEVER[i]));
}

static void check_clean(const char *html, struct arena *arena)
{
    const char *clean = sanitized(html, arena);
    struct error error;
    AUTO_TREE tree = {0};
    check_text(clean);
    assert_true(tree_read(clean, &tree, &error));
    check_tree(tree.root);
    if (!text_equal(sanitized(clean, arena), clean))
        fail_msg("%s gave %s, and that %s", html, clean, sanitized(clean, arena));
}

static void disarms(void **state)
{
    (void)state;
    assert_true(COUNT(ATTACKS) >= 80);
    for (size_t i = 0; i < COUNT(ATTACKS); i++) {
        AUTO_ARENA arena = arena_create();
        check_clean(ATTACKS[i], arena);
    }
}

/* One within the other, and one after the other. */
static void disarms_in_pairs(void **state)
{
    (void)state;
    static const char *const FRAMES[] = {"<table><tr>%s<td>%s", "<p><b>%s<p>%s</b>",
                                         "<a>%s<div>%s",        "<ul><li>%s</ul>%s",
                                         "<svg>%s<p>%s",        "<select>%s</p>%s"};
    for (size_t i = 0; i < COUNT(ATTACKS); i++) {
        AUTO_ARENA arena = arena_create();
        for (size_t j = 0; j < COUNT(FRAMES); j++) {
            const char *other = ATTACKS[(i * 7 + j) % COUNT(ATTACKS)];
            const char *at = strstr(FRAMES[j], "%s"), *next = strstr(at + 2, "%s");
            check_clean(arena_format(arena, "%.*s%s%.*s%s", (int)(at - FRAMES[j]), FRAMES[j],
                                     ATTACKS[i], (int)(next - at - 2), at + 2, other),
                        arena);
        }
    }
}

static void passes_limits_on(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *html = "", *clean = "untouched";
    struct error error;
    for (int i = 0; i < 600; i++)
        html = arena_format(arena, "%s<div>", html);
    assert_false(html_sanitize(html, arena, &clean, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(clean, "untouched");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(keeps_what_is_harmless),
        cmocka_unit_test(disarms),
        cmocka_unit_test(disarms_in_pairs),
        cmocka_unit_test(passes_limits_on),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
