/**
 * /forgot-password
 * @module
 */
import { ForgotPasswordView } from "../views/accounts/recovery";

export default ForgotPasswordView;
