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
        {"<html><head><title>t</title></head><body bgcolor=red>a</body></html>",
         "<div style=\"background-color:red\">a</div>"},
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
    "<p style='background:url(//x) #fff'>", "<p style='background:red url(//x)'>", "<p style='background:\\55 RL(//x)'>",
    "<p style='background:u/**/rl(//x)'>", "<p style='background:url(//x'>", "<p style=\"background:url('//x\">",
    "<p style='background:image-set(\"//x\" 1x)'>", "<p style='background:-webkit-image-set(url(//x) 1x) red'>",
    "<p style='background:cross-fade(url(//x),red)'>", "<p style='background:var(--x,url(//x))'>", "<p style='font:12px url(//x)'>",
    "<p style='font:12px/expression(alert(1)) Arial'>", "<p style='background-color:expression(alert(1))'>",
    "<p style='color:rgb(expression(alert(1)))'>", "<p style='color:rgb(1,2,3);;;po\\73ition:fixed'>", "<p style='color:red\\3b position:fixed'>",
    "<p style='color:red;--x:url(//x)'>", "<p style='content:url(//x)'>", "<p style='cursor:url(//x),auto'>", "<p style='filter:url(//x)'>",
    "<p style='border-image:url(//x) 1'>", "<p style='mask:url(//x)'>", "<p style='shape-outside:url(//x)'>", "<p style='all:initial;position:fixed'>",
    "<style>p{background:url(//x)}</style><p>x", "<style>p{position:fixed;top:0;left:0;width:100%;height:100%}</style><p>x",
    "<style>*{background:url(//x) red;behavior:url(//y)}</style><p class=a id=b>x", "<style>@import url(//x);p{color:red}</style><p>x",
    "<style>p{color:red}</style\n><script>alert(1)</script>", "<style><!-- p{color:red} --><script>alert(1)</script></style>",
    "<style>p{color:red;}\\</style><img src=x onerror=alert(1)>", "<style>p{color:\"</style><img src=x onerror=alert(1)>\"}</style><p>x",
    "<style>p{font-family:'</style><img src=x onerror=alert(1)>'}</style><p>x", "<style>p{font-family:\"x\\22 onclick=alert(1)//\"}</style><p>x",
    "<style>.a\\22 onclick\\3d alert{color:red}</style><p class='a\"onclick=alert'>x", "<style>p{color:red</style><p>x", "<style>{}p{{color:red}}</style><p>x",
    "<style>@font-face{font-family:x;src:url(//x)}p{font-family:x}</style><p>x", "<style media=screen>p{list-style:url(//x)}</style><p>x",
    "<body style='background:url(//x)' background=//y bgcolor='url(//z)' text='expression(x)'>x", "<html style='position:fixed' onclick=x><body style='behavior:url(x)'>x",
    "<body dir='\"><script>alert(1)</script>' lang='\"onclick=x'>x", "<button style='background:url(//x);position:fixed'>x</button>",
    "<form style='background:red url(//x)' action=//x>x</form>", "<x-y style='color:red' onclick=alert(1)>x</x-y>",
    "<input value='<img src=x onerror=alert(1)>'>", "<input value='\"><script>alert(1)</script>'>", "<input type=image src=//x alt='<script>'>",
    "<textarea><img src=x onerror=alert(1)></textarea>", "<textarea></textarea><script>alert(1)</script>", "<select><option><img src=x onerror=alert(1)></select>",
    "<a href=tel:javascript:alert(1)>x</a>", "<a href='sms:&#106;avascript:alert(1)'>x</a>", "<a href=' tel\t:1'>x</a>",
    "<img src='data:image/jpg;base64,AAAA\" onerror=alert(1)'>", "<img src='data:image/svg+xml;base64,PHN2Zz4='>", "<img src='data:image/png;x=&quot;;base64,AAAA'>",
    "<img src='data:;base64,PHN2Zz4='>", "<img src='data:image/png;base64,%3Csvg%3E'>", "<img src='data:image/svg+xml;image/png;base64,PHN2Zz4='>",
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
                    strncasecmp(value, "mailto:", 7) == 0 || strncasecmp(value, "tel:", 4) == 0 ||
                    strncasecmp(value, "sms:", 4) == 0);
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
    char *html = arena_alloc(arena, HTML_BYTES_MAX + 2);
    const char *clean = "untouched";
    struct error error;
    memset(html, 'a', HTML_BYTES_MAX + 1);
    assert_false(html_sanitize(html, arena, &clean, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(clean, "untouched");
}

/* --- what is too deep, or too much, is made flatter: its text stays */

static const char *repeated(const char *text, size_t count, struct arena *arena)
{
    size_t size = strlen(text);
    char *all = arena_alloc(arena, size * count + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * size, text, size);
    return all;
}

static void test_deep_html_keeps_its_text(void **state)
{
    (void)state;
    static const struct {
        const char *start, *end;
        size_t count;
    } ROWS[] = {
        {"<div>", "</div>", 600},
        {"<div><blockquote><span>", "</span></blockquote></div>", 2000},
        {"<table><tr><td>", "</td></tr></table>", 1000},
        {"<b><i>", "", 5000},
        {"<x-y>", "</x-y>", 5000},
        {"<font color=red>", "", 20000},
        {"<div>", "", 50000},
        {"<p><b>x</b>", "", 100000},
        {"<ul><li>", "", 20000},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        const char *html = arena_format(arena,
                                        "<p>newest</p><p hidden>HIDDEN</p>%sdeepest<p "
                                        "style='display:none'>HIDDEN</p>%s<p>last</p>",
                                        repeated(ROWS[i].start, ROWS[i].count, arena),
                                        repeated(ROWS[i].end, ROWS[i].count, arena));
        const char *clean = sanitized(html, arena), *text = NULL;
        assert_true(strstr(clean, "newest") && strstr(clean, "deepest") && strstr(clean, "last"));
        assert_null(strstr(clean, "HIDDEN"));
        assert_true(html_check_quoted(clean, &error));
        assert_true(html_text(clean, arena, &text, &error));
        assert_non_null(strstr(text, "deepest"));
        assert_string_equal(sanitized(clean, arena), clean);
    }
}

/* --- hidden, colours, style sheets, the page */

/* Where "SHOWN" stands something is to be seen, where "HIDDEN" does nothing. */
static const char *const HIDING[] = {
    "<p hidden>HIDDEN</p>SHOWN",
    "<p hidden=''>HIDDEN</p><p HIDDEN=until-found>HIDDEN</p>",
    "<p hidden style='display:block'>SHOWN</p>",
    "<p style='display:none'>HIDDEN</p>",
    "<p style='display: none !important; opacity:0'>HIDDEN</p>",
    "<p style='DISPLAY:NONE'>HIDDEN</p><p style='Display : None ;'>HIDDEN</p>",
    "<p style='display:none!important;display:block'>HIDDEN</p>",
    "<p style='display:none;display:block'>SHOWN</p>",
    "<p style='display:none;display:nothing-known'>HIDDEN</p>",
    "<p style='d\\69splay:n\\6f ne'>HIDDEN</p>",
    "<p style='/*x*/display/*;*/:/*y*/none/*z*/'>HIDDEN</p>",
    "<p style='x:\";display:none;\"'>SHOWN</p>",
    "<p style='x:(;display:none)'>SHOWN</p>",
    "<p style='x:{;};display:none'>HIDDEN</p>",
    "<p style='x:url(a;b:c);display:none'>HIDDEN</p>",
    "<p style='visibility:hidden'>HIDDEN<b>HIDDEN</b></p>",
    "<p style='visibility:collapse'>HIDDEN</p>",
    "<p style='visibility:hidden'>HIDDEN<b style='visibility:visible'>SHOWN</b></p>",
    "<p style='visibility:hidden'><b style='visibility:visible'>SHOWN<i>SHOWN</i></b></p>",
    "<p style='visibility:hidden'><b style='visibility:inherit'>HIDDEN</b></p>",
    "<p style='display:none'><b "
    "style='display:block;visibility:visible;font-size:9px'>HIDDEN</b></p>",
    "<p style='mso-hide:all'>HIDDEN</p><p style='mso-hide:screen'>SHOWN</p>",
    "<a href='https://x.example/' style='background:#000;color:#fff;mso-hide:all'>SHOWN</a>",
    "<p style='max-height:0;overflow:hidden'>HIDDEN</p>",
    "<p style='max-height:0px;overflow:hidden'>HIDDEN</p>",
    "<p style='max-height:0.0em!important;OVERFLOW:HIDDEN'>HIDDEN</p>",
    "<p style='height:0;overflow-y:hidden'>HIDDEN</p>",
    "<p style='max-height:0;overflow:hidden;padding:0 9px'>HIDDEN</p>",
    "<p style='max-height:0'>SHOWN</p><p style='overflow:hidden'>SHOWN</p>",
    "<p style='max-height:0;overflow:visible'>SHOWN</p>",
    "<p style='max-height:0;overflow:hidden;max-height:none'>SHOWN</p>",
    "<p style='height:0;overflow:hidden;padding-bottom:50%'>SHOWN</p>",
    "<p style='max-height:10px;overflow:hidden'>SHOWN</p>",
    "<table><tr><td style='height:0;overflow:hidden'>SHOWN</table>",
    "<table><tr><td style='max-width:0;overflow:hidden;text-overflow:ellipsis'>SHOWN</table>",
    "<p style='width:0;height:0;overflow:hidden'>HIDDEN</p>",
    "<p style='opacity:0'>HIDDEN</p><p style='opacity:0.0'>HIDDEN</p><p style='opacity:.0'>HIDDEN",
    "<p style='opacity:0%'>HIDDEN</p><p style='opacity:-1'>HIDDEN</p><p style='opacity:0 "
    "!important'>HIDDEN",
    "<p style='opacity:0.8'>SHOWN</p><p style='opacity:.01'>SHOWN</p><p style='opacity:x'>SHOWN",
    "<p style='font-size:0'>HIDDEN</p><p style='font-size:0px;line-height:0'>HIDDEN",
    "<p style='font-size:0%'>HIDDEN</p><p style='font-size:0.0rem!important'>HIDDEN",
    "<p style='font:0/0 a'>HIDDEN</p><p style='font:bold 0px Arial'>HIDDEN",
    "<p style='font-size:0'>HIDDEN<b style='font-size:13px'>SHOWN</b>HIDDEN</p>",
    "<p style='font-size:0'><b style='font-size:2em'>HIDDEN</b><b style='font-size:90%'>HIDDEN</b>",
    "<p style='font-size:0'><b style='font-size:larger'>HIDDEN</b><b "
    "style='font-size:inherit'>HIDDEN",
    "<p style='font-size:0'><b style='font-size:1rem'>SHOWN</b><b "
    "style='font-size:small'>SHOWN</b>",
    "<p style='font-size:0'><b style='font-size:calc(1px + 1vw)'>SHOWN</b><b "
    "style='font-size:var(--x)'>SHOWN",
    "<p style='font-size:0'><b style='font:bold 12px/1.5 Arial'>SHOWN</b><font size=2>SHOWN</font>",
    "<p style='font-size:0'><span>HIDDEN<span><b style='font-size:11pt'>SHOWN</b></span></span>",
    "<p style='font-size:0.8em'>SHOWN</p><p style='font-size:0.1px'>SHOWN</p><p "
    "style='font-size:1px'>SHOWN",
    "<p style='font-size:0'><img src=https://x.example/i.png alt=SHOWN>",
    "<p style='display:none'><img src=https://x.example/i.png alt=HIDDEN>",
    "<p style='visibility:hidden'><img src=https://x.example/i.png alt=HIDDEN>",
    "<p style='position:absolute;left:-9999px'>HIDDEN</p><p "
    "style='position:absolute;left:-9px'>SHOWN",
    "<p style='position:absolute;clip:rect(0 0 0 0)'>HIDDEN</p><p "
    "style='clip:rect(0,90px,90px,0)'>SHOWN",
    "<p style='clip-path:inset(50%)'>HIDDEN</p><p style='transform:scale(0)'>HIDDEN</p>",
    "<p style='text-indent:-9999px'>HIDDEN</p><p style='text-indent:-2em'>SHOWN",
    "<p style='color:transparent'>HIDDEN<b style='color:#000'>SHOWN</b></p>",
    "<p title='display:none'>SHOWN display:none</p><p data-style='display:none'>SHOWN",
    "<body style='display:none'>SHOWN",
    "<html hidden><body hidden>SHOWN",
    "<input type=hidden value=HIDDEN><input type=password value=HIDDEN><input value=SHOWN>",
    "<textarea style='display:none'>HIDDEN</textarea><textarea>SHOWN</textarea>",
    "<select><option>HIDDEN<option selected>SHOWN<option>HIDDEN</select>",
    "<select hidden><option selected>HIDDEN</select><button hidden>HIDDEN</button><button>SHOWN",
    "<p style='font-size:0'><button>SHOWN</button><textarea>SHOWN</textarea>",
    /* by the style sheet */
    "<style>p{display:none}</style><p>HIDDEN</p>SHOWN",
    "<style>.a{display:none}</style><p class=a>HIDDEN</p><p class=aa>SHOWN</p><p class='b a "
    "c'>HIDDEN",
    "<style>p.a{display:none}</style><p class=a>HIDDEN</p><b class=a>SHOWN</b>",
    "<style>#a{display:none}</style><p id=a>HIDDEN</p><p id=b>SHOWN",
    "<style>P#a,x>y,b{display:none}</style><p id=a>HIDDEN</p><b>HIDDEN</b><i>SHOWN",
    "<style>body .a{display:none}HTML BODY #b{display:none}</style><p class=a>HIDDEN</p><p "
    "id=b>HIDDEN",
    "<style>.a{display:none}</style><p class=a style='display:block'>SHOWN",
    "<style>.a{display:none!important}</style><p class=a style='display:block'>HIDDEN",
    "<style>.a{display:none!important}</style><p class=a style='display:block!important'>SHOWN",
    "<style>.a{display:none}.b{display:block}</style><p class='b a'>SHOWN</p>",
    "<style>.b{display:block}.a{display:none}</style><p class='a b'>HIDDEN</p>",
    "<style>p.a{display:none}.a{display:block}</style><p class=a>HIDDEN</p>",
    "<style>#a{display:block}p.a{display:none}</style><p class=a id=a>SHOWN</p>",
    "<style>p{display:none}</style><style>p{display:block}</style><p>SHOWN",
    "<style>@media (max-width:9px){p{display:none}}</style><p>SHOWN",
    "<style>.m{display:none}@media screen{.m{display:block!important}}</style><p class=m>HIDDEN",
    "<style>@import 'x';p{display:none}</style><p>HIDDEN",
    "<style>@charset 'x';\np{display:none}</style><p>HIDDEN",
    "<style><!-- p{display:none} --></style><p>HIDDEN",
    "<style>/*{*/p{display:none}</style><p>HIDDEN",
    "<style>\\70{display:none}</style><p>HIDDEN",
    "<style>p{d\\69splay:none</style><p>HIDDEN",
    "<style>p:hover{display:none}p::before{display:none}p>b{display:none}p "
    "b{display:none}</style><p>SHOWN<b>SHOWN",
    "<style>p+b{display:none}[hidden]{display:none}.a.b{display:none}</style><p class='a "
    "b'>SHOWN</p>",
    "<style media=print>p{display:none}</style><p>SHOWN",
    "<style media=screen type=text/css>p{display:none}</style><p>HIDDEN",
    "<style>*{visibility:hidden}b{visibility:visible}</style>HIDDEN<p>HIDDEN<b>SHOWN",
    "<style>p{x:'}';display:none}</style><p>HIDDEN",
    "<style>x{y:url(data:a;b)}p{display:none}</style><p>HIDDEN",
    "<svg><style>p{display:none}</style></svg><p>SHOWN",
};

static void test_hidden_stays_hidden(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(HIDING); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        const char *clean = sanitized(HIDING[i], arena), *texts[] = {clean, NULL, NULL};
        size_t shown = 0;
        assert_true(html_text(HIDING[i], arena, &texts[1], &error));
        assert_true(html_text(clean, arena, &texts[2], &error));
        for (const char *at = HIDING[i]; (at = strstr(at, "SHOWN")); at++)
            shown++;
        for (size_t j = 0; j < COUNT(texts); j++) {
            size_t seen = 0;
            for (const char *at = texts[j]; (at = strstr(at, "SHOWN")); at++)
                seen++;
            if (seen != shown || strstr(texts[j], "HIDDEN"))
                fail_msg("%s gave %s", HIDING[i], texts[j]);
        }
        check_clean(HIDING[i], arena);
    }
}

static void test_writes_styles(void **state)
{
    (void)state;
    static const struct {
        const char *html, *clean;
    } ROWS[] = {
        /* pairs */
        {"<td>", ""},
        {"<p style='background:#0b5394;color:#fff'>x",
         "<p style=\"background-color:#0b5394;color:#fff\">x</p>"},
        {"<p style='background:url(//x) no-repeat #333;color:#fff'>x",
         "<p style=\"background-color:#333;color:#fff\">x</p>"},
        {"<p style='background:url(//x);color:#fff'>x", "<p>x</p>"},
        {"<p style='background-image:url(//x);color:#fff'>x", "<p>x</p>"},
        {"<p style='background-image:url(//x);background-color:#222;color:#fff'>x",
         "<p style=\"background-color:#222;color:#fff\">x</p>"},
        {"<p style='background-color:#fff;background:url(//x);color:#fff'>x",
         "<p style=\"background-color:#fff\">x</p>"},
        {"<p style='background:linear-gradient(#000,#333);color:#fff'>x", "<p>x</p>"},
        {"<p style='background:#123;background:linear-gradient(#000,#333);color:#fff'>x",
         "<p style=\"background-color:#123;color:#fff\">x</p>"},
        {"<p style='background-color:oklch(10% 0 0);color:#fff'>x", "<p>x</p>"},
        {"<p style='background:#000;color:color-mix(in srgb, red, white)'>x", "<p>x</p>"},
        {"<p style='background:none;color:red'>x",
         "<p style=\"background-color:transparent;color:red\">x</p>"},
        {"<div style='background:url(//x)'><p style='color:#fff'>x<b style='color:#eee'>y",
         "<div><p>x<b>y</b></p></div>"},
        {"<div style='background:url(//x);color:#fff'>x<p style='background:#000'>y",
         "<div>x<p style=\"background-color:#000;color:#ffffff\">y</p></div>"},
        {"<div style='color:#fff'><div style='background:url(//x)'>x",
         "<div style=\"color:#fff\"><div style=\"color:#000000\">x</div></div>"},
        {"<table bgcolor=#000><td background=//x style='color:#fff'>x",
         "<table bgcolor=\"#000\"><tbody><tr><td style=\"color:#fff\">x</td></tr></tbody></table>"},
        {"<table><td background=//x bgcolor=#333 style='color:#fff'>x",
         "<table><tbody><tr><td bgcolor=\"#333\" style=\"color:#fff\">x</td></tr></tbody></table>"},
        {"<table><td background=//x><font color=white>x",
         "<table><tbody><tr><td><font>x</font></td></tr></tbody></table>"},
        {"<p style='color:#eee'>x", "<p style=\"color:#eee\">x</p>"}, /* as its sender had it */
        {"<button style='background:#07c;color:#fff'>x</button>",
         "<span style=\"background-color:#07c;color:#fff\">x</span>"},
        {"<form style='background:#07c'><nav style='color:#fff'>x</nav></form>",
         "<div style=\"background-color:#07c\"><div style=\"color:#fff\">x</div></div>"},
        /* !important and the order of declarations */
        {"<p style='color:red!important;color:blue'>x", "<p style=\"color:red\">x</p>"},
        {"<p style='width:100% ! IMPORTANT'>x", "<p style=\"width:100%\">x</p>"},
        {"<p style='margin:0;margin-top:5px;margin:3px'>x",
         "<p style=\"margin-top:5px;margin:3px\">x</p>"},
        {"<style>p{margin:0!important}</style><p style='margin-top:5px'>x",
         "<p style=\"margin-top:5px;margin:0\">x</p>"},
        {"<p style='font:italic bold 14px/1.2 \"Segoe UI\", Arial'>x",
         "<p style=\"font-style:italic;font-weight:bold;font-size:14px;line-height:1.2;"
         "font-family:Segoe UI, Arial\">x</p>"},
        {"<p style='font:inherit'>x", "<p>x</p>"},
        /* the style sheet */
        {"<style>p.MsoNormal, "
         "li.MsoNormal{margin:0cm;font-size:11.0pt;font-family:\"Calibri\",sans-serif}"
         "</style><p class=MsoNormal>x<p>y",
         "<p style=\"margin:0cm;font-size:11.0pt;font-family:Calibri,sans-serif\">x</p><p>y</p>"},
        {"<style>p{margin:0}</style><p style='margin:1px'>x", "<p style=\"margin:1px\">x</p>"},
        {"<style>p{color:red;position:fixed}*{padding:0}</style><p dir=ltr>x",
         "<div style=\"padding:0\"><p dir=\"ltr\" style=\"padding:0;color:red\">x</p></div>"},
        {"<style>.a{background:#000}</style><p class=a style='color:#fff'>x",
         "<p style=\"background-color:#000;color:#fff\">x</p>"},
        {"<style>.a{background:url(//x)}</style><p class=a style='color:#fff'>x", "<p>x</p>"},
        {"<style>a{color:red}a:visited{color:blue}</style><a href='https://x.example/'>x",
         "<a href=\"https://x.example/\" style=\"color:red\">x</a>"},
        /* html and body */
        {"<html dir=rtl lang=he><body dir=rtl>x", "<div dir=\"rtl\" lang=\"he\">x</div>"},
        {"<html dir=rtl><body dir=ltr>x", "<div dir=\"ltr\">x</div>"},
        {"<body bgcolor=222222 text=white><p>x",
         "<div style=\"background-color:#222222;color:white\"><p>x</p></div>"},
        {"<body background=//x text=white>x", "x"},
        {"<body bgcolor=red style='background:#000;color:#fff;height:100%'>x",
         "<div style=\"background-color:#000;color:#fff\">x</div>"},
        {"<style>body{font-family:Arial;background:#eee}html{color:#333}</style>x",
         "<div style=\"color:#333;font-family:Arial;background-color:#eee\">x</div>"},
        {"<body onload=x link=red class=y id=z>x", "x"},
        /* fields of forms, and text that is no markup */
        {"<textarea>\na\n <b></textarea>",
         "<span style=\"white-space:pre-wrap\">a\n &lt;b&gt;</span>"},
        {"a<input value=b>c<input type=submit value=d>", "a b c d "},
        {"<select multiple><option>a<option>b</select>", "a, b "},
        {"<xmp>\n<b>a</b></xmp>b<plaintext>c<d>",
         "<pre>\n\n&lt;b&gt;a&lt;/b&gt;</pre>b<pre>c&lt;d&gt;</pre>"},
        {"<p style='visibility:hidden;background:#000;border:1px solid;margin:1px'>x y<hr>",
         "<p style=\"margin:1px\"> </p><hr>"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *clean = sanitized(ROWS[i].html, arena);
        if (!text_equal(clean, ROWS[i].clean))
            fail_msg("%s gave %s", ROWS[i].html, clean);
        check_clean(ROWS[i].html, arena);
    }
}

/* Few bytes of a style sheet do not become many. */
static void test_limits_what_a_sheet_adds(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *family = repeated("abcdefgh ", 20, arena);
    const char *html = arena_format(arena,
                                    "<style>p{font-family:%s;display:block}</style>%s<p>last",
                                    family, repeated("<p>x", 50000, arena));
    const char *clean = sanitized(html, arena);
    assert_in_range(strlen(clean), 2 * 1024 * 1024, 5 * 1024 * 1024);
    assert_non_null(strstr(clean, "<p>last</p>"));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(keeps_what_is_harmless),
        cmocka_unit_test(disarms),
        cmocka_unit_test(disarms_in_pairs),
        cmocka_unit_test(passes_limits_on),
        cmocka_unit_test(test_deep_html_keeps_its_text),
        cmocka_unit_test(test_hidden_stays_hidden),
        cmocka_unit_test(test_writes_styles),
        cmocka_unit_test(test_limits_what_a_sheet_adds),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
