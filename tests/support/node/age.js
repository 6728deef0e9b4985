// keygen: a hybrid identity and its recipient. encrypt FILE OUT RECIPIENT…; decrypt FILE OUT IDENTITY…
import { readFileSync, writeFileSync } from "node:fs";
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";

const [act, from, to, ...keys] = process.argv.slice(2);
if (act === "keygen") {
    const identity = await generateHybridIdentity();
    console.log(identity);
    console.log(await identityToRecipient(identity));
} else if (act === "encrypt") {
    const encrypter = new Encrypter();
    keys.forEach((key) => encrypter.addRecipient(key));
    writeFileSync(to, await encrypter.encrypt(readFileSync(from)));
} else {
    const decrypter = new Decrypter();
    keys.forEach((key) => decrypter.addIdentity(key));
    writeFileSync(to, await decrypter.decrypt(readFileSync(from)));
}
