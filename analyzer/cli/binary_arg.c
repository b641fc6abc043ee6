#include "analyzer/cli/binary_arg.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *bytes;
    size_t len;
} magics[] = {
    {"\x7f"
     "ELF",
     4},
    {"\xfe\xed\xfa\xce", 4}, /* Mach-O, 32 and 64 bits, either byte order */
    {"\xce\xfa\xed\xfe", 4},
    {"\xfe\xed\xfa\xcf", 4},
    {"\xcf\xfa\xed\xfe", 4},
    {"\xca\xfe\xba\xbe", 4}, /* Mach-O for several processors */
    {"\xbe\xba\xfe\xca", 4},
    {"MZ", 2},
};

bool binary_arg_is_program(const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    char head[4] = "";
    bool read_all = read(fd, head, sizeof head) == (ssize_t)sizeof head;
    close(fd);
    for (size_t i = 0; read_all && i < sizeof magics / sizeof *magics; i++)
        if (memcmp(head, magics[i].bytes, magics[i].len) == 0)
            return true;
    return false;
}

bool binary_arg_is_build_id(const char *text)
{
    return text[strspn(text, "0123456789abcdefABCDEF")] == '\0';
}
