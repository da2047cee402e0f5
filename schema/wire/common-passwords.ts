/**
 * Passwords that attackers try first. NIST SP 800-63B-4 requires new passwords to be compared with such a list.
 * @module
 */

/** In lower case, eight characters or more, as shorter ones are refused for their length. */
const COMMON = new Set(
  `
0123456789 0987654321 11223344 1122334455 123123123 12341234 123454321 12345678 123456789 1234567890
1234qwer 147258369 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 741852963 789456123 87654321 987654321
a12345678 a123456789 a1b2c3d4 aa123456 aa12345678 abc12345 abcd1234 abcdefgh abcdefghi admin123
admin1234 administrador administrator alexander analytics arsenal1 asdf1234 asdfghjk asdfghjkl
azertyui azertyuiop barcelona baseball baseball1 basketball batman123 blink182 butterfly changeme
changeme1 changeme123 charlie1 chelsea1 cheyenne chocolate chocolate1 cocacola company1 company123
computer computer1 contraseña corvette danielle december default1 dragon123 elizabeth facebook
facebook1 football football1 fortnite fortnite1 freedom1 google123 hello123 hello1234 helloworld
iloveyou iloveyou1 iloveyou2 internet jennifer jonathan jordan23 letmein1 letmein123 linkedin
liverpool liverpool1 loveyou1 manchester master123 maverick mercedes michael1 michelle midnight
minecraft monkey123 motdepasse naruto123 nintendo november p@ssw0rd p@ssword pa55word passw0rd
password password1 password12 password123 password1234 passwort passwort1 playstation pokemon1
princess princess1 q1w2e3r4 qazwsxedc qwer1234 qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop
qwertzui qwertzuiop roblox123 samsung1 secret123 selvedge september shadow123 spiderman spring2025
spring2026 starwars starwars1 strawberry summer2024 summer2025 summer2026 sunshine sunshine1
superman superman1 test1234 testing1 testing123 testtest trustno1 victoria welcome1 welcome12
welcome123 whatever winter2024 winter2025 winter2026 zxcvbnm1 zxcvbnm123
`.match(/\S+/g),
);

/** Whether a password is one of the commonest in any case, or a single character or pair repeated. */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase();
  return COMMON.has(lower) || /^(.{1,2}?)\1+$/.test(lower);
}
