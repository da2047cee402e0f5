/**
 * /login
 * @module
 */
import { LoginView } from "../views/accounts/login";

export default LoginView;
