// A shared library.
#include <numeric>
#include <vector>

namespace {
template <class Iterator> int weigh(Iterator first, Iterator last)
{
    return std::accumulate(first, last, 0, [](int a, int b) { return a * 31 + b; });
}
} // namespace

int library_weigh(const std::vector<int> &numbers)
{
    return weigh(numbers.begin(), numbers.end()) + weigh(numbers.rbegin(), numbers.rend());
}
