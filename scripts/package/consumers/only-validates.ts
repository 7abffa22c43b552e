import * as validation from 'transfer-contract/validators';

console.log(validation);
