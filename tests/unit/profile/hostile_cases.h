/* Profiles with one defect each, and what becomes of them.
 *
 *     REFUSED(name, bytes, part)   the sentence holds PART and the offset of the mark @ in BYTES
 *     ACCEPTED(name, bytes)
 *
 * BYTES are written as in tests/unit/message.h. Which of the two it is, is google/pprof's decision.
 */
/* clang-format off */

#define TYPES    "1:{1:1 2:2} "
#define SAMPLE   "2:{1:1 2:10} "
#define MAPPING  "3:{1:1 2:4096 3:8192 5:4} "
#define LOCATION "4:{1:1 2:1 3:4100 4:{1:1 2:7}} "
#define FUNCTION "5:{1:1 2:3 3:3 4:4} "
#define STRINGS  "6:'' 6:'cpu' 6:'ns' 6:'main' 6:'a.c' "
#define TABLES   MAPPING LOCATION FUNCTION STRINGS
#define GOOD     TYPES SAMPLE TABLES

ACCEPTED("nothing wrong", GOOD)
ACCEPTED("the string table comes first", STRINGS TYPES SAMPLE MAPPING LOCATION FUNCTION)

/* ids */
REFUSED("sample names location 0", TYPES "@ 2:{1:0 2:10} " TABLES, "location 0")
REFUSED("sample names a missing location", TYPES SAMPLE "@ 2:{1:[1 9] 2:10} " TABLES, "location 9")
REFUSED("sample names a missing location with a huge id",
        TYPES SAMPLE "@ 2:{1:-1 2:10} " TABLES, "location 18446744073709551615")
REFUSED("sample, but no locations", TYPES "@ 2:{1:1 2:10} " STRINGS, "location 1")
REFUSED("location names a missing function",
        TYPES SAMPLE MAPPING "@ 4:{1:1 4:{1:2}} " FUNCTION STRINGS, "function 2")
REFUSED("location names function 0",
        TYPES SAMPLE MAPPING LOCATION "@ 4:{1:2 4:{2:7}} " FUNCTION STRINGS, "function 0")
REFUSED("location that no sample uses names a missing function",
        TYPES SAMPLE MAPPING LOCATION "@ 4:{1:2 4:{1:99}} " FUNCTION STRINGS, "function 99")
ACCEPTED("location names a missing mapping",
         TYPES SAMPLE MAPPING "4:{1:1 2:9 3:4100 4:{1:1}} " FUNCTION STRINGS)
REFUSED("location has id 0", TYPES SAMPLE TABLES "@ 4:{3:5} ", "location 2 has the reserved id 0")
REFUSED("mapping has id 0", TYPES SAMPLE TABLES "@ 3:{2:5} ", "mapping 2 has the reserved id 0")
REFUSED("function has id 0", TYPES SAMPLE TABLES "@ 5:{2:3} ", "function 2 has the reserved id 0")
REFUSED("two locations have one id", TYPES SAMPLE TABLES "@ 4:{1:1 3:5} ", "two locations")
REFUSED("two mappings have one id", TYPES SAMPLE TABLES "@ 3:{1:1 2:5} ", "two mappings")
REFUSED("two functions have one id", TYPES SAMPLE TABLES "@ 5:{1:1 2:3} ", "two functions")
REFUSED("two locations have one huge id",
        TYPES SAMPLE TABLES "4:{1:-1} @ 4:{1:-1} ", "id 18446744073709551615")
ACCEPTED("ids from the far end", TYPES "2:{1:-1 2:10} 3:{1:-2} 4:{1:-1 2:-2 4:{1:-3}} 5:{1:-3} " STRINGS)
ACCEPTED("functions, mappings and locations nobody uses",
         TYPES SAMPLE TABLES "3:{1:2} 4:{1:2} 5:{1:2} ")

/* strings */
REFUSED("the first string is not empty", "=3201 @ =78 " TYPES, "first string")
REFUSED("no strings at all", TYPES "3:{1:1} @", "without a string table")
REFUSED("sample type out of range", "@ 1:{1:5 2:2} " SAMPLE TABLES, "string 5")
REFUSED("sample type negative", TYPES "@ 1:{1:-1 2:2} " "2:{1:1 2:[1 2]} " TABLES, "string -1")
REFUSED("sample type's unit out of range", "@ 1:{1:1 2:5} " SAMPLE TABLES, "string 5")
REFUSED("period type out of range", GOOD "@ 11:{1:5 2:1} ", "string 5")
REFUSED("period's unit negative", GOOD "11:{1:1 2:1} @ 11:{1:1 2:-9} ", "string -9")
REFUSED("mapping's file out of range", GOOD "3:{1:2} @ 3:{1:3 5:5} ", "string 5")
REFUSED("mapping's build id negative", GOOD "@ 3:{1:2 6:-1} ", "string -1")
REFUSED("function's name out of range", GOOD "@ 5:{1:2 2:5} ", "string 5")
REFUSED("function's system name out of range", GOOD "@ 5:{1:2 3:2147483648} ", "string 2147483648")
REFUSED("function's file negative", GOOD "@ 5:{1:2 4:-1} ", "string -1")
REFUSED("comment out of range", GOOD "13:1 @ 13:5 ", "string 5")
REFUSED("packed comment out of range", GOOD "13:[1 2] @ 13:[3 5] 13:1 ", "string 5")
REFUSED("drop_frames out of range", GOOD "7:1 @ 7:5 ", "string 5")
REFUSED("keep_frames negative", GOOD "@ 8:-1 ", "string -1")
REFUSED("default sample type out of range", GOOD "@ 14:9223372036854775807 ", "string 9223372036854775807")
REFUSED("documentation's address out of range", GOOD "@ 15:5 ", "string 5")
REFUSED("label's key out of range", TYPES SAMPLE "@ 2:{1:1 2:10 3:{1:5 2:1}} " TABLES, "string 5")
REFUSED("label's text out of range", TYPES SAMPLE "@ 2:{1:1 2:10 3:{1:1 2:5}} " TABLES, "string 5")
REFUSED("label's unit out of range", TYPES SAMPLE "@ 2:{1:1 2:10 3:{1:1 3:1 4:5}} " TABLES, "string 5")
REFUSED("label's key negative", TYPES SAMPLE "2:{1:1 2:10 3:{@ 1:-1 2:1}} " TABLES, "label")
REFUSED("label's text beyond 31 bits", TYPES SAMPLE "2:{1:1 2:10 3:{@ 1:1 2:2147483648}} " TABLES, "label")
REFUSED("label without a value, key out of range", TYPES "@ 2:{1:1 2:10 3:{1:5}} " TABLES, "string 5")
ACCEPTED("label without a value", TYPES "2:{1:1 2:10 3:{1:1}} " TABLES)
ACCEPTED("label without anything", TYPES "2:{1:1 2:10 3:{}} " TABLES)
ACCEPTED("label's unit out of range, but it has a text", TYPES "2:{1:1 2:10 3:{1:1 2:1 4:99}} " TABLES)
ACCEPTED("label with a text and a number", TYPES "2:{1:1 2:10 3:{1:1 2:1 3:5}} " TABLES)
ACCEPTED("names that are no UTF-8", GOOD "=3204fffec080 =3203eda080 5:{1:2 2:5 4:6} ")
ACCEPTED("name with a NUL", GOOD "=3203610062 5:{1:2 2:5} ")
ACCEPTED("equal strings", GOOD "6:'main' 6:'' 5:{1:2 2:5 4:6} ")

/* numbers of values */
REFUSED("samples, but no sample types", "@ " SAMPLE TABLES, "no sample types")
REFUSED("sample with too many values", TYPES "@ 2:{1:1 2:[1 2]} " TABLES, "2 values")
REFUSED("sample with too few values", TYPES TYPES "@ " SAMPLE TABLES, "1 values")
REFUSED("sample without values", TYPES "@ 2:{1:1} " TABLES, "0 values")
REFUSED("samples disagree on their values", TYPES SAMPLE "2:{@ 1:1 2:[1 2]} " TABLES, "2 values")
ACCEPTED("no samples", TYPES TABLES)
ACCEPTED("sample without locations", TYPES "2:{2:10} " TABLES)
ACCEPTED("values packed and not", TYPES "1:{1:3 2:2} " "2:{1:1 2:5 2:[6]} 2:{1:[1 1] 1:1 2:[] 2:[5 6]} " TABLES)
ACCEPTED("the smallest value", TYPES "2:{1:1 2:-9223372036854775808} " TABLES)
ACCEPTED("the smallest and the largest value",
         TYPES "1:{1:3 2:2} 2:{1:1 2:[-9223372036854775808 9223372036854775807]} " TABLES)

/* varints */
ACCEPTED("numbers padded to ten bytes",
         TYPES "2:{~1:1 ~2:10} 3:{~1:1 ~5:4} 4:{~1:1 ~2:1} 5:{~1:1 ~2:3} " STRINGS "~12:5 ")
ACCEPTED("length padded to ten bytes", GOOD "=32818080808080808080 =0061 3:{1:2} ")
ACCEPTED("length inside a message padded to ten bytes",
         TYPES SAMPLE MAPPING "4:{1:1 2:1 =2284808080808080808000 =08011007} " FUNCTION STRINGS)
ACCEPTED("tag padded to ten bytes", GOOD "=e08080808080808080 =0005 ")
ACCEPTED("tag inside a mapping padded to ten bytes", GOOD "3:{1:2 =90808080808080808000 =05} ")
ACCEPTED("bits beyond 64 are dropped", GOOD "=60ffffffffffffffffff7f ")
REFUSED("number of eleven bytes", GOOD "@ =60808080808080808080 =8001 ", "not a field")
REFUSED("length of eleven bytes", GOOD "@ =32808080808080808080 =8001 ", "not a field")
REFUSED("tag of eleven bytes", GOOD "@ =e0808080808080808080 =0100 ", "not a field")
REFUSED("number of eleven bytes in a sample", TYPES "2:{@ =0880808080808080808080 =01 2:10} " TABLES, "sample")
REFUSED("number of eleven bytes in a mapping", GOOD "3:{@ =0880808080808080808080 =01} ", "mapping")
REFUSED("number of eleven bytes in packed values",
        TYPES "2:{1:1 =120b @ =80808080808080808080 =01} " TABLES, "half a number")
REFUSED("packed ids end in half a number", TYPES "2:{=0a02 =01 @ =80 2:10} " TABLES, "half a number")
REFUSED("packed values end in half a number", TYPES "2:{1:1 =1202 =01 @ =ff} " TABLES, "half a number")
REFUSED("packed comments end in half a number", GOOD "=6a02 =01 @ =80 ", "half a number")
REFUSED("sample ends in half a number", TYPES "2:{1:1 2:10 @ =10ff} " TABLES, "sample")
REFUSED("location ends in half a number", GOOD "4:{@ =08ff} ", "location")
REFUSED("line ends in half a number", GOOD "4:{1:2 4:{1:1 @ =10ff}} ", "line")
REFUSED("label ends in half a number", TYPES "2:{1:1 2:10 3:{@ =08ff}} " TABLES, "label")
REFUSED("function ends in half a number", GOOD "5:{1:2 @ =10ff} ", "function")
REFUSED("value type ends in half a number", TYPES "1:{1:1 @ =10ff} ", "value type")
REFUSED("the profile ends in half a tag", GOOD "@ =ff ", "cut short")
REFUSED("the profile ends in half a number", GOOD "@ =60ff ", "cut short")

/* lengths that lie */
REFUSED("string longer than the rest", GOOD "@ =3210 =6162 ", "cut short")
REFUSED("string of nearly 2^31 bytes", GOOD "@ =32ffffffff07 =61 ", "cut short")
REFUSED("string of nearly 2^32 bytes", GOOD "@ =32ffffffff0f =61 ", "cut short")
REFUSED("string of nearly 2^63 bytes", GOOD "@ =32ffffffffffffffff7f =61 ", "")
REFUSED("string of nearly 2^64 bytes", GOOD "@ =32ffffffffffffffffff01 =61 ", "not a field")
REFUSED("unknown field longer than the rest", GOOD "@ =a20610 =61 ", "cut short")
REFUSED("unknown field of nearly 2^63 bytes", GOOD "@ =a206ffffffffffffffff7f =61 ", "")
REFUSED("sample longer than the rest", TYPES TABLES "@ =1220 =0801100a ", "cut short")
REFUSED("packed ids longer than their sample", TYPES "2:{@ =0a10 =01 2:10} " TABLES, "sample")
REFUSED("packed ids of nearly 2^64 bytes", TYPES "2:{@ =0affffffffffffffffff01 =01 2:10} " TABLES, "sample")
REFUSED("packed values longer than their sample", TYPES "2:{1:1 @ =127f =01} " TABLES, "sample")
REFUSED("label longer than its sample", TYPES "2:{1:1 2:10 @ =1a05 =0801} " TABLES, "sample")
REFUSED("line longer than its location", GOOD "4:{1:2 @ =2209 =0801} ", "location")
REFUSED("unknown field longer than its function", GOOD "5:{1:2 @ =7aff7f =00} ", "function")
REFUSED("four bytes fewer", GOOD "@ =ad06 =000000 ", "cut short")
REFUSED("eight bytes fewer", GOOD "@ =a906 =00000000000000 ", "cut short")
REFUSED("four bytes fewer in a mapping", GOOD "3:{1:2 @ =7d =000000} ", "mapping")

/* wire types */
REFUSED("sample type is a number", "@ 1:5 " TABLES, "not a message")
REFUSED("sample is a number", TYPES "@ 2:5 " TABLES, "not a message")
REFUSED("mapping is four bytes", TYPES "@ 3:#4 " TABLES, "not a message")
REFUSED("location is eight bytes", TYPES "@ 4:#8 " TABLES, "not a message")
REFUSED("function is a number", TYPES "@ 5:5 " TABLES, "not a message")
REFUSED("string is a number", GOOD "@ 6:5 ", "not a message")
REFUSED("drop_frames is a string", GOOD "@ 7:'a' ", "not a number")
REFUSED("keep_frames is eight bytes", GOOD "@ 8:#8 ", "not a number")
REFUSED("time is a string", GOOD "@ 9:'a' ", "not a number")
REFUSED("duration is four bytes", GOOD "@ 10:#4 ", "not a number")
REFUSED("period type is a number", GOOD "@ 11:5 ", "not a message")
REFUSED("period is packed", GOOD "@ 12:[5] ", "not a number")
REFUSED("comment is four bytes", GOOD "@ 13:#4 ", "not numbers")
REFUSED("default sample type is a string", GOOD "@ 14:'a' ", "not a number")
REFUSED("documentation's address is a string", GOOD "@ 15:'http://a' ", "not a number")
REFUSED("value type's type is a string", "1:{@ 1:'cpu'} " TABLES, "value type")
REFUSED("sample's location ids are eight bytes", TYPES "@ 2:{1:#8 2:10} " TABLES, "location ids")
REFUSED("sample's values are four bytes", TYPES "@ 2:{1:1 2:#4} " TABLES, "values")
REFUSED("sample's label is a number", TYPES "2:{1:1 2:10 @ 3:5} " TABLES, "label")
REFUSED("label's key is a string", TYPES "2:{1:1 2:10 3:{@ 1:'k'}} " TABLES, "label")
REFUSED("label's number is eight bytes", TYPES "2:{1:1 2:10 3:{1:1 @ 3:#8}} " TABLES, "label")
REFUSED("mapping's id is a message", GOOD "3:{@ 1:{}} ", "mapping")
REFUSED("mapping's start is eight bytes", GOOD "3:{1:2 @ 2:#8} ", "mapping")
REFUSED("mapping's flag is a string", GOOD "3:{1:2 @ 7:'a'} ", "mapping")
REFUSED("location's id is four bytes", GOOD "4:{@ 1:#4} ", "location")
REFUSED("location's address is packed", GOOD "4:{1:2 @ 3:[5]} ", "location")
REFUSED("location's line is a number", GOOD "4:{1:2 @ 4:5} ", "line")
REFUSED("location's flag is a string", GOOD "4:{1:2 @ 5:''} ", "location")
REFUSED("line's function is a string", GOOD "4:{1:2 4:{@ 1:'main'}} ", "line")
REFUSED("line's number is eight bytes", GOOD "4:{1:2 4:{1:1 @ 2:#8}} ", "line")
REFUSED("function's name is a string", GOOD "5:{1:2 @ 2:'main'} ", "function")
REFUSED("function's start is four bytes", GOOD "5:{1:2 @ 5:#4} ", "function")
REFUSED("group", GOOD "@ =a306 =a406 ", "not a field")
REFUSED("end of a group", GOOD "@ =a406 ", "not a field")
REFUSED("wire type 6", GOOD "@ =a606 =00 ", "not a field")
REFUSED("wire type 7", GOOD "@ =a706 =00 ", "not a field")
REFUSED("group in a sample", TYPES "2:{1:1 2:10 @ =5b =5c} " TABLES, "sample")
REFUSED("wire type 7 in a line", GOOD "4:{1:2 4:{1:1 @ =57}} ", "line")

/* fields that nobody knows */
ACCEPTED("unknown fields of each type", GOOD "99:5 99:'x' 99:#4 99:#8 99:{99:{}} 536870911:1 ")
ACCEPTED("unknown fields in each message",
         "1:{1:1 2:2 9:9} 2:{1:1 2:10 3:{1:1 2:1 9:'x'} 9:#8} 3:{1:1 99:{}} 4:{1:1 2:1 4:{1:1 9:#4}} "
         "5:{1:1 2:3 9:'x'} " STRINGS)
ACCEPTED("field 0", GOOD "0:5 0:'x' 3:{0:1 1:2} 5:{0:'x' 1:2} 4:{0:#8 1:2} ")
ACCEPTED("field numbers beyond 2^29", GOOD "=f8ffffffffffffffff01 =05 3:{1:2 =80808080808001 =05} ")
ACCEPTED("messages in an unknown field, a thousand deep, are not looked into",
         GOOD "99:{99:{99:{99:{99:{99:{99:{99:{=ffffffff}}}}}}}} ")
ACCEPTED("repeated scalars: the last counts", GOOD "12:1 12:2 7:3 7:0 11:{1:9 2:9} 11:{1:1 2:2} ")

/* several profiles in one file */
REFUSED("concatenated profiles", GOOD "9:1700000000 " GOOD "@ 9:1700000001 ", "second profile")
ACCEPTED("a time of 0, then one", GOOD "9:0 9:1700000000 ")
REFUSED("concatenated profiles without a time",
        TYPES "@ " SAMPLE TABLES TYPES SAMPLE TABLES, "2 sample types")

/* hardly anything */
ACCEPTED("only the empty string", "6:'' ")
REFUSED("one zero byte", "@ =00 ", "cut short")
REFUSED("two zero bytes", "=0000 @", "string table")
