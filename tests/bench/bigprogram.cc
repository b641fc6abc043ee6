// One unit of the large program that symbols are looked up in (bigprogram): templates over templates,
// lambdas, inlined calls, all of internal linkage, so that units can be linked many times over.
#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

template <int N> struct Item {
    int key = N;
    std::string name;
    std::vector<int> parts;
    bool operator<(const Item &o) const { return key != o.key ? key < o.key : name < o.name; }
};

template <int N> struct Store {
    std::map<std::string, Item<N>> by_name;
    std::unordered_map<int, std::vector<Item<N>>> by_key;
    std::set<Item<N>> all;

    void add(int i)
    {
        Item<N> one;
        one.key = i * N % 17;
        one.name = std::to_string(i * N);
        one.parts.assign(i % 5 + 1, N);
        by_key[one.key].push_back(one);
        all.insert(one);
        by_name.emplace(one.name, one);
    }
    template <class F> long each(F f)
    {
        long total = 0;
        for (auto &named : by_name)
            total += f(named.second);
        for (auto &keyed : by_key)
            for (auto &item : keyed.second)
                total -= f(item);
        return total;
    }
    long total()
    {
        std::vector<Item<N>> sorted(all.begin(), all.end());
        std::sort(sorted.begin(), sorted.end(),
                  [](const Item<N> &a, const Item<N> &b) { return a.name > b.name; });
        std::function<long(const Item<N> &)> weigh = [&](const Item<N> &i) {
            return std::accumulate(i.parts.begin(), i.parts.end(), static_cast<long>(i.key));
        };
        auto length = [](const Item<N> &i) { return static_cast<long>(i.name.size()); };
        return each(weigh) + each(length) + static_cast<long>(sorted.size());
    }
};

// UNIT, a number, makes the types of a unit its own.
template <int N> long work(int n)
{
    Store<N> store;
    for (int i = 0; i < n; i++)
        store.add(i);
    if constexpr (N % 8 == 0)
        return store.total();
    else
        return store.total() + work<N - 1>(n);
}

} // namespace

extern "C" long run(int n) { return work<UNIT * 8 + 7>(n); }
