// What symbols are looked up in: templates, lambdas, inlined calls, local classes, virtual functions,
// anonymous namespaces, exceptions, a constructor and a destructor. See tests/run-symbols.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" int plain_sum(const int *numbers, int count);
int library_weigh(const std::vector<int> &numbers);

namespace shop {
namespace {

template <class T> T sum(const std::vector<T> &all)
{
    T total{};
    for (auto &one : all)
        total += one;
    return total;
}

int hidden(int x)
{
    if (x < 0)
        throw std::out_of_range("hidden");
    return x * 3 + 1;
}

} // namespace

struct Priced {
    virtual ~Priced() = default;
    virtual int price() const = 0;
};

template <int Base> struct Item : Priced {
    std::string name;
    explicit Item(std::string n) : name(std::move(n)) {}
    int price() const override { return Base + static_cast<int>(name.size()); }
};

class Cart {
    std::map<std::string, std::vector<int>> items;

  public:
    explicit Cart(int n)
    {
        for (int i = 0; i < n; i++)
            items[std::to_string(i % 17)].push_back(i);
    }
    template <class F> void each(F f) const
    {
        for (auto &item : items)
            f(item.first, item.second);
    }
    int operator[](const std::string &name) const { return sum(items.at(name)); }
};

int total(int n)
{
    Cart cart(n);
    int all = 0;
    cart.each([&](const std::string &name, const std::vector<int> &numbers) {
        struct Local {
            static __attribute__((noinline)) int twice(int x) { return x * 2; }
        };
        all += Local::twice(static_cast<int>(name.size())) + sum(numbers);
    });
    return all + cart["3"];
}

} // namespace shop

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 100;
    std::vector<int> numbers;
    for (int i = 0; i < n; i++)
        numbers.push_back(i * 7919 % 1009);
    std::sort(numbers.begin(), numbers.end(), [](int a, int b) { return a > b; });
    std::function<int(int)> weigh = [&](int i) { return numbers[i] + shop::sum(numbers); };
    int result = weigh(0) + shop::total(n) + library_weigh(numbers);
    result += plain_sum(numbers.data(), static_cast<int>(numbers.size()));
    shop::Item<5> five("five");
    shop::Item<7> seven("seven");
    for (const shop::Priced *one : {static_cast<shop::Priced *>(&five),
                                    static_cast<shop::Priced *>(&seven)})
        result += one->price();
    try {
        result += shop::hidden(argc - 2);
    } catch (const std::exception &e) {
        puts(e.what());
    }
    printf("%d\n", result);
}
