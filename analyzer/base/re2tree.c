#include "analyzer/base/re2tree.h"

void re2_list_append(struct re2_list *list, struct re2_node *node)
{
    node->prev = list->last;
    node->next = NULL;
    *(list->last ? &list->last->next : &list->first) = node;
    list->last = node;
}

void re2_list_remove(struct re2_list *list, struct re2_node *node)
{
    *(node->prev ? &node->prev->next : &list->first) = node->next;
    *(node->next ? &node->next->prev : &list->last) = node->prev;
    node->next = node->prev = NULL;
}

void re2_list_join(struct re2_list *list, struct re2_list *more)
{
    if (!more->first)
        return;
    more->first->prev = list->last;
    *(list->last ? &list->last->next : &list->first) = more->first;
    list->last = more->last;
    *more = (struct re2_list){0};
}
