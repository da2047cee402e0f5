/**
 * /register
 * @module
 */
import { RegisterView } from "../views/accounts/register";

export default RegisterView;
