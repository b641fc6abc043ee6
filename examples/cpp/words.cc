// Words counts and sorts the words of a made-up text, to be profiled by google-perftools: it writes
// its formats itself (the CPU profile through CPUPROFILE, the heap profile through HEAPPROFILE), which
// is what makes this example's files the legacy formats.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <vector>

// Xorshift: the same text on every machine.
class Random
{
  public:
    uint32_t next()
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_;
    }

  private:
    uint32_t state_ = 2463534242u;
};

struct Entry {
    std::string word;
    long count = 0;
    std::vector<long> places;
};

// A tree of letters: one allocation per node, on purpose.
class Trie
{
  public:
    Entry *add(const std::string &word)
    {
        Trie *node = this;
        for (char c : word) {
            auto &child = node->children_[static_cast<size_t>(c - 'a')];
            if (!child)
                child = std::make_unique<Trie>();
            node = child.get();
        }
        if (!node->entry_) {
            node->entry_ = std::make_unique<Entry>();
            node->entry_->word = word;
        }
        return node->entry_.get();
    }

    // Recursive, so that profiles have recursion to show.
    void collect(std::vector<const Entry *> &out) const
    {
        if (entry_)
            out.push_back(entry_.get());
        for (const auto &child : children_)
            if (child)
                child->collect(out);
    }

  private:
    std::unique_ptr<Trie> children_[26];
    std::unique_ptr<Entry> entry_;
};

__attribute__((noinline)) static std::string make_word(Random &random)
{
    std::string word;
    for (size_t n = 2 + random.next() % 4; n > 0; n--)
        word += static_cast<char>('a' + random.next() % 12);
    return word;
}

__attribute__((noinline)) static void count_words(Trie &trie, Random &random, long n)
{
    for (long i = 0; i < n; i++) {
        Entry *entry = trie.add(make_word(random));
        entry->count++;
        if (entry->places.size() < 4)
            entry->places.push_back(i);
    }
}

__attribute__((noinline)) static size_t sort_words(const Trie &trie)
{
    std::vector<const Entry *> entries;
    trie.collect(entries);
    std::sort(entries.begin(), entries.end(), [](const Entry *a, const Entry *b) {
        return a->count != b->count ? a->count > b->count : a->word < b->word;
    });
    return entries.size();
}

__attribute__((noinline)) static size_t count_lengths(const Trie &trie)
{
    std::vector<const Entry *> entries;
    trie.collect(entries);
    std::map<std::string, size_t> by_prefix;
    for (const Entry *entry : entries)
        by_prefix[entry->word.substr(0, 3)] += entry->word.size();
    return by_prefix.size();
}

// words SECONDS: works for that much CPU time.
int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 1;
    Random random;
    Trie &trie = *new Trie; // never freed: the heap profile of the exit shows it
    size_t sum = 0;
    do {
        count_words(trie, random, 50000);
        sum += sort_words(trie) + count_lengths(trie);
    } while (static_cast<double>(clock()) / CLOCKS_PER_SEC < seconds);
    printf("%zu\n", sum);
    return 0;
}
