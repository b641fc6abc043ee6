/* Tests of tui/keys.h: the table holds together. */
#include "tui/keys.h"

#include "tui/help.h"
#include "tui/view.h"

#include <CUnit/CUnit.h>
#include <string.h>

/* In one view a key means one thing. */
static void test_no_key_stands_twice(void)
{
    for (size_t i = 0; i < key_count; i++)
        for (size_t k = 0; k < i; k++)
            CU_ASSERT_FALSE(key_table[i].key == key_table[k].key &&
                            (key_table[i].views & key_table[k].views));
}

static bool has_help(const struct key_row *row)
{
    for (size_t i = 0; i < key_count; i++)
        if (key_table[i].action == row->action && key_table[i].help)
            return true;
    return false;
}

static void test_every_key_is_explained(void)
{
    for (size_t i = 0; i < key_count; i++) {
        CU_ASSERT_TRUE(has_help(&key_table[i]));
        CU_ASSERT_NOT_EQUAL(key_table[i].action, ACTION_NONE);
        CU_ASSERT_TRUE(key_table[i].views != 0 && key_table[i].group < KEY_GROUP_COUNT);
    }
}

static void test_every_action_has_a_key(void)
{
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        bool found = false;
        for (size_t i = 0; i < key_count; i++)
            found |= key_table[i].action == action;
        CU_ASSERT_TRUE(found);
        if (!found)
            fprintf(stderr, "action %d has no key\n", (int)action);
    }
}

static void test_keys_are_found_by_view(void)
{
    CU_ASSERT_EQUAL(key_action('j', VIEW_TOP), ACTION_DOWN);
    CU_ASSERT_EQUAL(key_action(' ', VIEW_TOP), ACTION_PAGE_DOWN);
    CU_ASSERT_EQUAL(key_action(' ', VIEW_TREE), ACTION_ENTER);
    CU_ASSERT_EQUAL(key_action('o', VIEW_INFO), ACTION_NONE);
    CU_ASSERT_EQUAL(key_action(0x6F22, VIEW_TOP), ACTION_NONE);
}

static void named(uint32_t key, const char *want)
{
    struct buf b = {0};
    key_add_name(&b, key);
    CU_ASSERT_STRING_EQUAL(b.data, want);
    buf_release(&b);
}

static void test_names_are_those_people_write(void)
{
    named('/', "/");
    named(KEY_CTRL('R'), "Ctrl-R");
    named(KEY_RETURN, "Enter");
    named(KEY_SHIFT_TAB, "Shift-Tab");
    named(' ', "Space");
}

/* Whatever has a row is in the help, and fits a narrow terminal. */
static void test_help_has_every_key(void)
{
    struct lines text = {0};
    help_keys(&text, VIEW_TOP);
    for (size_t i = 0; i < key_count; i++) {
        struct buf name = {0};
        bool found = false;
        key_add_name(&name, key_table[i].key);
        for (size_t k = 0; k < text.count; k++)
            found |= strstr(text.items[k], name.data) != NULL;
        CU_ASSERT_TRUE(found);
        buf_release(&name);
    }
    for (size_t k = 0; k < text.count; k++)
        CU_ASSERT_TRUE(text_columns(lines_get(&text, k)) <= 80);
    lines_release(&text);
}

CU_TestInfo keys_tests[] = {
    {"no key stands twice", test_no_key_stands_twice},
    {"every key is explained", test_every_key_is_explained},
    {"every action has a key", test_every_action_has_a_key},
    {"keys by view", test_keys_are_found_by_view},
    {"names of keys", test_names_are_those_people_write},
    {"help has every key", test_help_has_every_key},
    CU_TEST_INFO_NULL,
};
