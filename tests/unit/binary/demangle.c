/* Tests of analyzer/binary/demangle.h. Of C++ and Rust names the expected texts are those of
 * google/pprof with `-symbolize=demangle=` default, templates and full. */
#include "analyzer/binary/demangle.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *mangled, *simple, *templates, *full; /* NULL: stays mangled */
};

static void expect(const char *mangled, enum demangle_mode mode, const char *want)
{
    struct buf out = {0};
    buf_puts(&out, "before ");
    bool got = demangle(&out, mangled, mode);
    const char *text = out.data + strlen("before ");
    CU_ASSERT_EQUAL(got, want != NULL);
    CU_ASSERT_EQUAL(strlen(out.data), out.len);
    CU_ASSERT_STRING_EQUAL(text, want ? want : "");
    if (got != (want != NULL) || strcmp(text, want ? want : "") != 0)
        fprintf(stderr, "demangle %s\n    got  %s\n    want %s\n", mangled, text, want);
    buf_release(&out);
}

static void expect_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect(rows[i].mangled, DEMANGLE_SIMPLE, rows[i].simple);
        expect(rows[i].mangled, DEMANGLE_TEMPLATES, rows[i].templates);
        expect(rows[i].mangled, DEMANGLE_FULL, rows[i].full);
    }
}

#define EXPECT_ROWS(rows) expect_rows(rows, sizeof(rows) / sizeof *(rows))

static const struct row cxx[] = {
    {"_Z4emitI1TEvT_PDTclfL0p_EE", "emit", "emit<T>", "void emit<T>(T, decltype ({parm#1}())*)"},
    {"_ZZNSt9once_flag18_Prepare_executionC4IZSt9call_onceIRFvvEJEEvRS_OT_DpOT0_EUlvE_EERS6_ENUlvE_"
     "4_FUNEv",
     "std::once_flag::_Prepare_execution::_Prepare_execution()::{lambda()#1}::_FUN",
     "std::once_flag::_Prepare_execution::_Prepare_execution<std::call_once<void "
     "(&)()>()::{lambda()#1}>()::{lambda()#1}::_FUN",
     "std::once_flag::_Prepare_execution::_Prepare_execution<std::call_once<void "
     "(&)()>(std::once_flag&, void (&)())::{lambda()#1}>(std::call_once<void "
     "(&)()>(std::once_flag&, void (&)())::{lambda()#1}&)::{lambda()#1}::_FUN()"},
    {"_Z3foov", "foo", "foo", "foo()"},
    {"_Z3fooiz", "foo", "foo", "foo(int, ...)"},
    {"_ZN2ns4callEi", "ns::call", "ns::call", "ns::call(int)"},
    {"_ZNK2ns1S1mEi", "ns::S::m", "ns::S::m", "ns::S::m(int) const"},
    {"_ZNV2ns1S1vEv", "ns::S::v", "ns::S::v", "ns::S::v() volatile"},
    {"_ZNR2ns1S2lrEv", "ns::S::lr", "ns::S::lr", "ns::S::lr() &"},
    {"_ZNO2ns1S2rrEv", "ns::S::rr", "ns::S::rr", "ns::S::rr() &&"},
    {"_ZN2ns1SC1Ei", "ns::S::S", "ns::S::S", "ns::S::S(int)"},
    {"_ZN2ns1SC2Ei", "ns::S::S", "ns::S::S", "ns::S::S(int)"},
    {"_ZN2ns1SD0Ev", "ns::S::~S", "ns::S::~S", "ns::S::~S()"},
    {"_ZN2ns12_GLOBAL__N_16hiddenEi", "ns::(anonymous namespace)::hidden",
     "ns::(anonymous namespace)::hidden", "ns::(anonymous namespace)::hidden(int)"},
    {"_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector::push_back",
     "std::vector<int, std::allocator<int> >::push_back",
     "std::vector<int, std::allocator<int> >::push_back(int const&)"},
    {"_ZSt4sortIN9__gnu_cxx17__normal_iteratorIPiSt6vectorIiSaIiEEEEEvT_S7_", "std::sort",
     "std::sort<__gnu_cxx::__normal_iterator<int*, std::vector<int, std::allocator<int> > > >",
     "void std::sort<__gnu_cxx::__normal_iterator<int*, std::vector<int, std::allocator<int> > > "
     ">(__gnu_cxx::__normal_iterator<int*, std::vector<int, std::allocator<int> > >, "
     "__gnu_cxx::__normal_iterator<int*, std::vector<int, std::allocator<int> > >)"},
    {"_ZN1AIiLi3EE1gIdEET_S2_", "A::g", "A<int, 3>::g<double>",
     "double A<int, 3>::g<double>(double)"},
    {"_ZN2ns1SltERKS0_", "ns::S::operator<", "ns::S::operator<", "ns::S::operator<(ns::S const&)"},
    {"_ZN2ns1SlsEi", "ns::S::operator<<", "ns::S::operator<<", "ns::S::operator<<(int)"},
    {"_ZN2ns1SltIiEEbT_", "ns::S::operator<", "ns::S::operator< <int>",
     "bool ns::S::operator< <int>(int)"},
    {"_ZlsIiEvT_S0_", "operator<<", "operator<< <int>", "void operator<< <int>(int, int)"},
    {"_ZN2ns1SptEv", "ns::S::operator->", "ns::S::operator->", "ns::S::operator->()"},
    {"_ZN2ns1SclEic", "ns::S::operator()", "ns::S::operator()", "ns::S::operator()(int, char)"},
    {"_ZN2ns1SixEi", "ns::S::operator[]", "ns::S::operator[]", "ns::S::operator[](int)"},
    {"_ZN2ns1SnwEm", "ns::S::operator new", "ns::S::operator new",
     "ns::S::operator new(unsigned long)"},
    {"_ZN2ns1SdaEPv", "ns::S::operator delete[]", "ns::S::operator delete[]",
     "ns::S::operator delete[](void*)"},
    {"_Zli3_kmy", "operator\"\" _km", "operator\"\" _km", "operator\"\" _km(unsigned long long)"},
    {"_ZNK2ns1ScviEv", "ns::S::operator int", "ns::S::operator int", "ns::S::operator int() const"},
    {"_ZN1BcvT_IiEEv", "B::operator int", "B::operator int<int>", "B::operator int<int>()"},
    {"_ZN2ns1ScvSt6vectorIT_SaIS2_EEIiEEv", "ns::S::operator std::vector",
     "ns::S::operator std::vector<int, std::allocator<int> ><int>",
     "ns::S::operator std::vector<int, std::allocator<int> ><int>()"},
    {"_ZZN2ns1S1sEvE1x", "ns::S::s()::x", "ns::S::s()::x", "ns::S::s()::x"},
    {"_ZZN2ns1S1sEiEN1L1fEi", "ns::S::s()::L::f", "ns::S::s()::L::f", "ns::S::s(int)::L::f(int)"},
    {"_ZZ2mkiENKUliE_clEi", "mk()::{lambda(int)#1}::operator()",
     "mk()::{lambda(int)#1}::operator()", "mk(int)::{lambda(int)#1}::operator()(int) const"},
    {"_ZZ2mkiENKUlT_E0_clIcEEDaS_", "mk()::{lambda(auto:1)#2}::operator()",
     "mk()::{lambda(auto:1)#2}::operator()<char>",
     "auto mk(int)::{lambda(auto:1)#2}::operator()<char>(char) const"},
    {"_ZZNK1A3fooEvENKUlvE_clEv", "A::foo() const::{lambda()#1}::operator()",
     "A::foo() const::{lambda()#1}::operator()",
     "A::foo() const::{lambda()#1}::operator()() const"},
    {"_ZZ1fiE1g_0", "f()::g", "f()::g", "f(int)::g"},
    {"_ZZ1fiEs", "f()::string literal", "f()::string literal", "f(int)::string literal"},
    {"_ZN3fooUt_C1Ev", "foo::{unnamed type#1}::{unnamed type#1}",
     "foo::{unnamed type#1}::{unnamed type#1}", "foo::{unnamed type#1}::{unnamed type#1}()"},
    {"_Z3abiB5cxx11RKSs", "abi[abi:cxx11]", "abi[abi:cxx11]", "abi[abi:cxx11](std::string const&)"},
    {"_ZN1A1fB3tagEv", "A::f[abi:tag]", "A::f[abi:tag]", "A::f[abi:tag]()"},
    {"_ZNSsC1EPKc", "std::basic_string::basic_string",
     "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string",
     "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string(char "
     "const*)"},
    {"_ZNSiD0Ev", "std::basic_istream::~basic_istream",
     "std::basic_istream<char, std::char_traits<char> >::~basic_istream",
     "std::basic_istream<char, std::char_traits<char> >::~basic_istream()"},
    {"_ZNSs6appendEPKc", "std::string::append", "std::string::append",
     "std::string::append(char const*)"},
    {"_Z1fSs", "f", "f", "f(std::string)"},
    {"_Z2fpIXadL_Z6targetiEEEvv", "fp", "fp<&target>", "void fp<&target>()"},
    {"_Z2fpIXadL_ZN1A6targetEiEEEvv", "fp", "fp<&A::target>", "void fp<&A::target>()"},
    {"_Z2fpIXadL_Z6targetIcEvT_EEEvv", "fp", "fp<&(target<char>)>", "void fp<&(target<char>)>()"},
    {"_Z3negILi4EEv2BoIXgtT_Li3EEE", "neg", "neg<4>", "void neg<4>(Bo<((4)>(3))>)"},
    {"_Z2dtIiEDTplfp_Li1EET_", "dt", "dt<int>", "decltype ({parm#1}+(1)) dt<int>(int)"},
    {"_Z4packIJEEvDpT_", "pack", "pack<>", "void pack<>()"},
    {"_Z4packIJicEEvDpT_", "pack", "pack<int, char>", "void pack<int, char>(int, char)"},
    {"_Z5emptyI1TIJEE1UIJEiEEvv", "empty", "empty<T<>, U<int> >", "void empty<T<>, U<int> >()"},
    {"_Z5nestsI1AI1BI1CEEEvv", "nests", "nests<A<B<C> > >", "void nests<A<B<C> > >()"},
    {"_Z3ttpISt6vectorEvv", "ttp", "ttp<std::vector>", "void ttp<std::vector>()"},
    {"_Z2pmMN2ns1SEiMS0_KFiiEPFPA3_iiEPVinDn", "pm", "pm",
     "pm(int ns::S::*, int (ns::S::*)(int) const, int (*(*)(int)) [3], int volatile*, __int128, "
     "decltype(nullptr))"},
    {"_Z1fDv4_fCdO1Ag", "f", "f", "f(float __vector(4), double _Complex, A&&, __float128)"},
    {"_Z3barILb1ELc97ELin5ELd4000000000000000EEvv", "bar",
     "bar<true, (char)97, -5, (double)[4000000000000000]>",
     "void bar<true, (char)97, -5, (double)[4000000000000000]>()"},
    {"_ZTV1AIiE", "vtable for A", "vtable for A<int>", "vtable for A<int>"},
    {"_ZTI1AIiE", "typeinfo for A", "typeinfo for A<int>", "typeinfo for A<int>"},
    {"_ZTS1W", "typeinfo name for W", "typeinfo name for W", "typeinfo name for W"},
    {"_ZTT1W", "VTT for W", "VTT for W", "VTT for W"},
    {"_ZTC1W0_1V", "construction vtable for V-in-W", "construction vtable for V-in-W",
     "construction vtable for V-in-W"},
    {"_ZThn8_N1W1zEi", "non-virtual thunk to W::z(int)", "non-virtual thunk to W::z(int)",
     "non-virtual thunk to W::z(int)"},
    {"_ZTv0_n32_N1WIiE1zEi", "virtual thunk to W::z(int)", "virtual thunk to W<int>::z(int)",
     "virtual thunk to W<int>::z(int)"},
    {"_ZTch0_h16_N1W1zEv", "covariant return thunk to W::z()", "covariant return thunk to W::z()",
     "covariant return thunk to W::z()"},
    {"_ZGVZN2ns1S1sEiE1x", "guard variable for ns::S::s()::x", "guard variable for ns::S::s()::x",
     "guard variable for ns::S::s(int)::x"},
    {"_ZGRZ1fiE1x0_", "reference temporary for f()::x", "reference temporary for f()::x",
     "reference temporary for f(int)::x"},
    {"_ZTW2tl", "TLS wrapper function for tl", "TLS wrapper function for tl",
     "TLS wrapper function for tl"},
    {"_ZTH2tl", "TLS init function for tl", "TLS init function for tl", "TLS init function for tl"},
    {"_Z3foov.isra.0", "foo", "foo", "foo()"},
    {"_Z3fooi.constprop.0.cold", "foo", "foo", "foo(int)"},
    {"_Z3foov.llvm.123", "foo", "foo", "foo()"},
    {"_Z3foov@plt", "foo", "foo", NULL},
    {"___Z3fooi_block_invoke", "invocation function for block in foo",
     "invocation function for block in foo", "invocation function for block in foo(int)"},
    {"___Z3fooi_block_invoke_2.cold", "invocation function for block in foo",
     "invocation function for block in foo", "invocation function for block in foo(int)"},
    {"_GLOBAL__I__Z3foov", "global constructors keyed to foo()",
     "global constructors keyed to foo()", "global constructors keyed to foo()"},
    {"_GLOBAL__D__ZN1AIiE1bE", "global destructors keyed to A::b",
     "global destructors keyed to A<int>::b", "global destructors keyed to A<int>::b"},
    {"_GLOBAL__I_main", "global constructors keyed to _I_main",
     "global constructors keyed to _I_main", "global constructors keyed to _I_main"},
    {"_ZN1A1fIXntsr3stdE9is_same_vIiiEEEEvv", "A::f", "A::f<!std::is_same_v<int, int> >",
     "void A::f<!std::is_same_v<int, int> >()"},
    {"_ZN9café_barE", "café_bar", "café_bar", "café_bar"},
    {"_Z1fI1AI1BIJEE1CIiEEEvv", "f", "f<A<B<>, C<int> > >", "void f<A<B<>, C<int> > >()"},
};

static void test_cxx(void)
{
    EXPECT_ROWS(cxx);
}

static const struct row rust[] = {
    {"_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE", "core::fmt::Write::write_fmt",
     "core::fmt::Write::write_fmt", "core::fmt::Write::write_fmt"},
    {"_ZN3std2io5stdio6_print17h0123456789abcdefE", "std::io::stdio::print",
     "std::io::stdio::print", "std::io::stdio::print"},
    {"_ZN3std10sys_common9backtrace28__rust_begin_short_backtrace17h0123456789abcdefE.llvm.42",
     "std::sys_common::backtrace::_rust_begin_short_backtrace",
     "std::sys_common::backtrace::_rust_begin_short_backtrace",
     "std::sys_common::backtrace::_rust_begin_short_backtrace"},
    {"_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$"
     "3bar17h930b740aa94f1d3aE",
     "<Test + 'static as foo::Bar<Test>>::bar", "<Test + 'static as foo::Bar<Test>>::bar",
     "<Test + 'static as foo::Bar<Test>>::bar"},
    {"_ZN5alloc5boxed16Box$LT$T$C$A$GT$3new28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE",
     "alloc::boxed::Box<T,A>::new::{{closure}}", "alloc::boxed::Box<T,A>::new::{{closure}}",
     "alloc::boxed::Box<T,A>::new::{{closure}}"},
    {"_ZN3foo3bar17h1111111111111111E", "foo::bar::h1111111111111111",
     "foo::bar::h1111111111111111", "foo::bar::h1111111111111111"},
    {"_RNvCs1234_7mycrate3foo", "mycrate::foo", "mycrate::foo", "mycrate::foo"},
    {"_RNvMCs1234_7mycrateNtB2_3Foo3bar", "<mycrate::Foo>::bar", "<mycrate::Foo>::bar",
     "<mycrate::Foo>::bar"},
    {"_RNvXCs1234_7mycrateNtB2_3FooNtB2_3Bar3baz", "<mycrate::Foo as mycrate::Bar>::baz",
     "<mycrate::Foo as mycrate::Bar>::baz", "<mycrate::Foo as mycrate::Bar>::baz"},
    {"_RINvCs1234_7mycrate3fooNtB2_3BariE", "mycrate::foo::<>",
     "mycrate::foo::<mycrate::Bar, isize>", "mycrate::foo::<mycrate::Bar, isize>"},
    {"_RINvMs_Cs1234_7mycrateINtB5_3VecpE4pushhE", "<mycrate::Vec<>>::push::<>",
     "<mycrate::Vec<_>>::push::<u8>", "<mycrate::Vec<_>>::push::<u8>"},
    {"_RNCNvCs1234_7mycrate4mains_0B3_", "mycrate::main::{closure#1}", "mycrate::main::{closure#1}",
     "mycrate::main::{closure#1}"},
    {"_RNSNvYQDG_INtC4core5FnMutTRL0_eEEp6OutputuEL_INtC4core6FnOnceuE9call_once6vtable",
     "<&mut dyn for<'a> core::FnMut<, Output = ()> as core::FnOnce<>>::call_once::{shim:vtable#0}",
     "<&mut dyn for<'a> core::FnMut<(&'a str,), Output = ()> as "
     "core::FnOnce<()>>::call_once::{shim:vtable#0}",
     "<&mut dyn for<'a> core::FnMut<(&'a str,), Output = ()> as "
     "core::FnOnce<()>>::call_once::{shim:vtable#0}"},
    {"_RINvC1a1bFG_KCRL0_hEbKc3c_E", "a::b::<>",
     "a::b::<for<'a> extern \"C\" fn(&'a u8) -> bool, '<'>",
     "a::b::<for<'a> extern \"C\" fn(&'a u8) -> bool, '<'>"},
    {"_RINvC1a1bAhj4_SeOiPuzE", "a::b::<>", "a::b::<[u8; 4], [str], *mut isize, *const (), !>",
     "a::b::<[u8; 4], [str], *mut isize, *const (), !>"},
    {"_RNvCs1234_7mycrate3foo.llvm.42", "mycrate::foo", "mycrate::foo", "mycrate::foo"},
};

static void test_rust(void)
{
    EXPECT_ROWS(rust);
}

static const struct row dlang[] = {
    {"_D8demangle4testFZv", "demangle.test", "demangle.test", "demangle.test()"},
    {"_D8demangle4testFaPxaZv", "demangle.test", "demangle.test",
     "demangle.test(char, const(char)*)"},
    {"_D8demangle4testMxFZv", "demangle.test", "demangle.test", "demangle.test() const"},
    {"_D8demangle4testFDFZvZv", "demangle.test", "demangle.test", "demangle.test(void() delegate)"},
    {"_D4core6thread8osthread6Thread6__dtorMFNbNiZv", "core.thread.osthread.Thread.~this",
     "core.thread.osthread.Thread.~this", "core.thread.osthread.Thread.~this()"},
    {"_D8demangle4test6__initZ", "initializer for demangle.test", "initializer for demangle.test",
     "initializer for demangle.test"},
    {"_Dmain", "D main", "D main", "D main"},
    {"_DYNAMIC", NULL, NULL, NULL},
};

static void test_dlang(void)
{
    EXPECT_ROWS(dlang);
}

/* Names whose text doubles with every few bytes, that are deep, and that are long. */
static void test_contrived(void)
{
    struct buf name = {0};
    buf_puts(&name,
             "_Z1fI1aI1bE1cIS0_S0_E"); /* S0_ is a<b>, S1_ c, and each next two of the last */
    for (int i = 0; i < 24; i++)
        buf_printf(&name, "S1_IS%c_S%c_E", i < 8 ? '2' + i : 'A' + i - 8,
                   i < 8 ? '2' + i : 'A' + i - 8);
    buf_puts(&name, "Evv");
    struct buf rust = {0};
    buf_puts(&rust, "_RINvC1a1bTuuE"); /* B7_ is (), and each next pair of the last */
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t at = 8, next; rust.len < 400; at = next) {
        next = rust.len - 2;
        const char one = digits[(at - 1) / 62], two = digits[(at - 1) % 62];
        buf_printf(&rust, "TB%c%c_B%c%c_E", one, two, one, two);
    }
    buf_putc(&rust, 'E');
    struct buf dlang = {0};
    buf_puts(&dlang, "_D1aFi");
    for (int i = 0; i < 40; i++)
        buf_puts(&dlang, "HQcQe");
    buf_puts(&dlang, "Zv");
    struct buf deep = {0}, names = {0}, args = {0}, refs = {0};
    buf_puts(&deep, "_Z1f");
    buf_pad(&deep, 'P', DEMANGLE_MAX_NAME - 8);
    buf_putc(&deep, 'i');
    buf_puts(&names, "_ZN");
    buf_puts(&args, "_Z1fI");
    buf_puts(&refs, "_Z1fI");
    for (int i = 0; i < 4000; i++) {
        buf_puts(&names, "1a");
        buf_puts(&args, "1aI");
        buf_puts(&refs, "1aIiE");
    }
    buf_puts(&refs, "Ev");
    for (int i = 0; i < 4000; i++)
        buf_puts(&refs, "RT_");
    buf_puts(&names, "E");
    buf_pad(&args, 'E', 4001);
    struct buf *const all[] = {&name, &rust, &dlang, &deep, &names, &args, &refs};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (enum demangle_mode mode = DEMANGLE_NONE; mode <= DEMANGLE_FULL; mode++) {
            struct buf out = {0};
            bool got = demangle(&out, all[i]->data, mode);
            CU_ASSERT_TRUE(got ? out.len > 0 && out.len <= DEMANGLE_MAX_TEXT : out.len == 0);
            buf_release(&out);
        }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        buf_release(all[i]);
}

/* An identifier may look like what is around one; this one's text ends in a separator that goes. */
static void test_separators_in_identifiers(void)
{
    expect("_Z5n, , ksI1AT_~EksI1AT_~EE~E", DEMANGLE_TEMPLATES, "n, ");
}

/* Names that bind more lifetimes than anybody can wait for, also where nothing of it is printed. */
static void test_endless_binders(void)
{
    static const char *const names[] = {
        "_RXYYYYYYYYYDGYYDGteINtB5_3_Re", "_RMC1aFGzzzzzzzzzz_Eu",  "_RNvXFGzzzzzzzzzz_EuC1a1b",
        "_RINvC1a1bFGzzzzz_EuE",          "_RINvC1a1bDGzzzzz_EL_E",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        expect(names[i], DEMANGLE_FULL, NULL);
        expect(names[i], DEMANGLE_SIMPLE, NULL);
    }
}

/* Mode none is full with clones, as it is in pprof. */
static void test_clones(void)
{
    expect("_Z3foov", DEMANGLE_NONE, "foo()");
    expect("_Z3fooi.constprop.0.cold", DEMANGLE_NONE,
           "foo(int) [clone .constprop.0] [clone .cold]");
    expect("_ZZ3fooiENKUlvE_clEv.isra.0", DEMANGLE_NONE,
           "foo(int)::{lambda()#1}::operator()() const [clone .isra.0]");
    expect("_RNvCs1234_7mycrate3foo.llvm.42", DEMANGLE_NONE, "mycrate::foo");
}

static void test_no_mangled_name(void)
{
    static const char *const names[] = {
        "",
        "_",
        "_Z",
        "_ZN",
        "_ZZZ",
        "_R",
        "_ReadListing",
        "_D",
        "main",
        "Z3foov",
        "_GLOBAL_",
        "_GLOBAL__",
        "_GLOBAL__I",
        "_GLOBAL__sub_I_a",
        "___Z",
        "___Z3foov",
        "_start",
        "foo::bar(int)",
        "_ZGVbN2v_cos",
        "_Z3fo",
        "_Z3foov\001",
        "_ZN3std2io5stdio7_printC117h0123456789abcdefE",
        "_ZN4core3fmt17h0123456789abcdeg",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (enum demangle_mode mode = DEMANGLE_NONE; mode <= DEMANGLE_FULL; mode++)
            expect(names[i], mode, NULL);
}

/* What libiberty leaves open (see demangle_tree.c) does not depend on what was on the stack. */
__attribute__((noinline)) static void dirty_stack(int byte)
{
    volatile unsigned char below[4096];
    for (size_t i = 0; i < sizeof below; i++)
        below[i] = (unsigned char)byte;
}

static void test_old_and_new_names(void)
{
    for (int byte = -1; byte <= 1; byte++) {
        dirty_stack(byte);
        expect("_Z1fI1aEN2ifIXsr1bIT_EE5valueEE4typeEv", DEMANGLE_FULL,
               "if<b<a>::value>::type f<a>()");
        dirty_stack(byte);
        expect("_Z1fI1aEN2ifIXsr1bIT_E5valueEE4typeEv", DEMANGLE_FULL,
               "if<b<a>::value>::type f<a>()");
    }
}

static void test_modes(void)
{
    enum demangle_mode mode = DEMANGLE_NONE;
    CU_ASSERT_TRUE(demangle_mode_parse("default", &mode));
    CU_ASSERT_EQUAL(mode, DEMANGLE_SIMPLE);
    CU_ASSERT_TRUE(demangle_mode_parse("full", &mode));
    CU_ASSERT_EQUAL(mode, DEMANGLE_FULL);
    CU_ASSERT_FALSE(demangle_mode_parse("Full", &mode));
    CU_ASSERT_FALSE(demangle_mode_parse("", &mode));
    CU_ASSERT_EQUAL(mode, DEMANGLE_FULL);
}

CU_TestInfo demangle_tests[] = {
    {"C++", test_cxx},
    {"Rust", test_rust},
    {"D", test_dlang},
    {"clones", test_clones},
    {"contrived names end soon", test_contrived},
    {"separators in identifiers", test_separators_in_identifiers},
    {"endless binders", test_endless_binders},
    {"what is no mangled name", test_no_mangled_name},
    {"old and new ways to write a name", test_old_and_new_names},
    {"demangle_mode_parse", test_modes},
    CU_TEST_INFO_NULL,
};
